import {describe, expect, test} from 'vitest';
import {allVerbs} from '../../scripts/generate/verbs.ts';
import {actions} from '../../source/actions/index.ts';
import {namesOf} from '../../source/commands/arguments/read-flags.ts';
import {sharedFields} from '../../source/commands/arguments/shared-flags.ts';

const verbs = await allVerbs();

describe('the table of commands', () => {
	test('has every action', () => {
		const paths = verbs.map(({path}) => path.replace(' ', '.'));
		expect([...actions.keys()].filter(id => !paths.includes(id))).toEqual([]);
	});

	test.each(verbs.map(({path, verb}) => [path, verb] as const))(
		'%s: its flags are unambiguous',
		(_, {fields, operands}) => {
			const all = {...sharedFields, ...fields};
			expect(Object.keys(fields).filter(name => name in sharedFields)).toEqual([]);
			const shorts = Object.values(all).flatMap(field => ('short' in field && field.short ? [field.short] : []));
			expect(shorts).toEqual([...new Set(shorts)]);
			const longs = Object.values(all)
				.flatMap(({aliases = []}) => aliases)
				.concat(Object.keys(all));
			expect(namesOf(all).size).toBe(longs.length);
			expect(operands.slice(0, -1).filter(({many}) => many)).toEqual([]);
		},
	);

	test.each(verbs.map(({path, verb}) => [path, verb] as const))('%s: says what each flag does', (_, {fields}) => {
		for (const {help} of Object.values(fields)) {
			expect(help).toMatch(/^[A-Z]/);
			expect(help).not.toMatch(/\.$/);
		}
	});
});
