import {expect, test} from 'vitest';
import {groupsOf} from '../../source/views/keymaps/groups.ts';
import {keysMarkdown} from '../../source/views/keymaps/keys-markdown.ts';
import {allScreens} from '../../source/views/screens.ts';

test.each(allScreens().map(screen => [screen.id, screen] as const))(
	'%s binds no key twice among its own',
	(_, screen) => {
		for (const {rows} of groupsOf(screen)) {
			const keys = rows.flatMap(row => row.keys);
			expect(keys).toEqual([...new Set(keys)]);
		}
	},
);

test.each(allScreens().map(screen => [screen.id, screen] as const))('%s hides no key of every screen', (_, screen) => {
	const groups = groupsOf(screen);
	const everywhere = new Set(groups.at(-1)?.rows.flatMap(({keys}) => keys));
	const hidden = groups
		.slice(0, -1)
		.flatMap(({rows}) => rows.flatMap(({keys}) => keys.filter(key => everywhere.has(key))));
	expect(hidden).toEqual([]);
});

test.each(allScreens().map(screen => [screen.id, screen] as const))(
	'%s hides no key of its like but the last view',
	(_, screen) => {
		const [own, ...others] = groupsOf(screen).slice(0, -1);
		const like = new Set(others.flatMap(({rows}) => rows.flatMap(({keys}) => keys)));
		const hidden = own?.rows.flatMap(({keys}) => keys.filter(key => like.has(key)));
		expect(hidden?.filter(key => key !== '-')).toEqual([]);
	},
);

test('every row has a hint and a sentence, and leads to a screen that there is', () => {
	const screens = allScreens();
	const rows = screens.flatMap(screen => groupsOf(screen).flatMap(group => group.rows));
	for (const {keys, hint, help, go} of rows) {
		expect([keys, hint.length > 0, help.length > 0, /\.$/.test(help)]).toEqual([keys, true, true, false]);
		expect([keys, go === undefined || screens.some(({id}) => id === go)]).toEqual([keys, true]);
	}
});

test('two screens never have a word in common', () => {
	const words = allScreens().flatMap(({id, aliases}) => [id, ...aliases]);
	expect(words).toEqual([...new Set(words)]);
});

test('columns sort by letters of their own', () => {
	for (const screen of allScreens()) {
		if (screen.type === 'table') {
			const letters = screen.columns.flatMap(({letter}) => letter ?? []);
			expect(letters).toEqual([...new Set(letters)]);
			expect(screen.columns.some(({title}) => title === screen.orderedBy)).toBe(true);
			expect(screen.columns.some(({priority}) => priority === 0)).toBe(true);
		}
	}
});

test('the page of keys tells every one of them', () => {
	const page = keysMarkdown();
	expect(page).toMatch(/^# Keys of the dashboard\n\n## Everywhere\n\n\| Key \| What it does \|/);
	for (const words of ['`+` `-`', '`ctrl-d`', '`D`', '`space`', '## Services, besides']) {
		expect(page).toContain(words);
	}
});
