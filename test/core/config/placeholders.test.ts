import {describe, expect, test} from 'vitest';
import {quote} from '../../../source/actions/fields/shell.ts';
import {filledIn, placeholderMistake, valueAt, valueText} from '../../../source/core/config/placeholders.ts';

const object = {
	name: `a'b$(id) "x"`,
	spec: {labels: {team: 'red', 'app.kubernetes.io/name': 'web', 'a.b': {c: 1}}, ports: [80, 81], none: null},
};

describe('filled in', () => {
	const check = (command: string, expected: string) => {
		test(command, () => {
			const filled = filledIn(command, name => valueText(valueAt(object, name)), quote);
			expect('line' in filled ? filled.line : `no ${filled.missing}`).toBe(expected);
		});
	};

	check('ls', 'ls');
	check('ssh {{spec.labels.team}} top', 'ssh red top');
	check('echo {{ spec.labels.team }}{{spec.ports}}', 'echo red80,81');
	check('echo {{name}}', `echo 'a'\\''b$(id) "x"'`);
	check('echo {{spec.labels.app.kubernetes.io/name}}', 'echo {{spec.labels.app.kubernetes.io/name}}');
	check('echo {{spec.labels.a.b.c}}', 'echo 1');
	check('echo {{spec.none}}', 'no spec.none');
	check('echo {{nothing}}', 'no nothing');
	check('echo {{}}', 'no ');
});

describe('within quotes a placeholder is a mistake', () => {
	const check = (command: string, isMistake: boolean) => {
		test(command, () => {
			expect(placeholderMistake(command) !== undefined).toBe(isMistake);
		});
	};

	check('echo {{name}}', false);
	check(`echo 'a' {{name}} "b"`, false);
	check(`echo '{{name}}'`, true);
	check('echo "x {{name}}"', true);
	check(`echo \\'{{name}}`, false);
	check(`echo "it's" {{name}}`, false);
	check(`echo "\\" {{name}}"`, true);
});
