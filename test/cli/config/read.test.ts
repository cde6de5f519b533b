import {describe, expect, test} from 'vitest';
import {parseConfig} from '../../../source/cli/config/read.ts';
import {policyOf} from '../../../source/core/config/config.ts';

/** A config → what is wrong with it, a line each; `…` stands for anything. */
function check(name: string, text: string, ...expected: string[]) {
	test(name, async () => {
		const {mistakes} = await parseConfig(text.trim().replaceAll('\t', '  '), 'c.yaml');
		expect(mistakes.length, mistakes.join('\n')).toBe(expected.length);
		for (const [index, line] of expected.entries()) {
			const parts = line.split('…').map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
			expect(mistakes[index]).toMatch(new RegExp(`^c\\.yaml:${parts.join('.*')}$`));
		}
	});
}

describe('a config', () => {
	check('of nothing', '');
	check(
		'with all there is',
		`
theme: mine
themes:
	mine: {base: light, roles: {good: bold green, bad: "#ff0000 on 52", title: plain}}
mouse: false
keys:
	services.restart: ctrl-r
	list.down: [z, down]
	services.scale: [">", "<"]
commands:
	- {name: top, key: ctrl-t, screens: [nodes], command: "ssh {{name}} top", screen: true, confirm: "Really?"}
columns:
	services: [{title: TEAM, path: spec.labels.team, width: 12}]
contexts:
	swarm:prod: {readOnly: true}
	"k8s:*": {confirm: [service.rm, node.drain]}
saveFolder: /tmp/saved
`,
	);
	check('that is no YAML', 'theme: [', '1: …');
	check('that is a list', '- a', '1: the file must be an object, found a list');
	check('with a word too many', 'theme: dark\ncolours: x', '2: colours is not known: known are theme, …');
	check('with a near miss', 'mous: true', '1: mous is not known: did you mean mouse?');
	check('with an unknown theme', 'theme: dork', '1: theme must be one of auto, …, found "dork": did you mean dark?');
	check(
		'with a colour that is none',
		'themes:\n  a:\n    roles:\n      good: grean',
		'4: themes.a.roles.good "grean" is not known: …',
	);
	check('with a role that is none', 'themes: {a: {roles: {god: red}}}', '1: themes.a.roles.god must be one of …');
	check(
		'with a row that is none',
		'keys:\n  services.restrt: x',
		'2: keys.services.restrt must be one of …did you mean services.restart?',
	);
	check(
		'with a key that is none',
		'keys:\n  services.restart: ctrl-shift-x',
		'2: keys.services.restart must be the name of a key…',
	);
	check(
		'with one key for two things',
		'keys:\n  services.restart: d',
		'2: keys.services.restart "d" is services.describe too, on services: …',
	);
	check(
		'with one of two keys',
		'keys: {services.scale: x}',
		'1: keys.services.scale needs 2 keys, for + and - in this order',
	);
	check(
		'with two of its own on one key',
		'keys: {services.restart: z, services.logs: z}',
		'1: keys.services.logs "z" is services.restart too…',
	);
	check('that takes a key that was given away', 'keys: {services.restart: z, services.logs: R}');
	check(
		'with a command on a taken key',
		'commands:\n  - name: x\n    key: d\n    screens: nodes\n    command: ls',
		'3: commands[0].key "d" is nodes.describe too, on nodes: …',
	);
	check(
		'with a command without a key',
		'commands:\n  - {name: x, screens: all, command: ls}',
		'2: commands[0] has no key, which has to be there',
	);
	check(
		'with a quoted placeholder',
		`commands: [{name: x, key: X, screens: all, command: "echo '{{name}}'"}]`,
		'1: commands[0].command has a placeholder within quotes…',
	);
	check(
		'with a screen that is none',
		'commands: [{name: x, key: X, screens: [pods], command: ls}]',
		'1: commands[0].screens[0] must be one of all, …',
	);
	check(
		'with a path that is none',
		'columns: {nodes: [{title: A, path: "a..b"}]}',
		'1: columns.nodes[0].path must be a path such as …',
	);
	check(
		'with an action that is none',
		'contexts:\n  local:\n    confirm: service.delete',
		'3: contexts.local.confirm must be one of …',
	);
	check('with several mistakes', 'theme: x\nmouse: 1', '1: theme …', '2: mouse must be true or false, found 1');
	check('with hostile text', 'theme: "\\e[2Jx"', '1: theme must be one of …, found "x"');
});

test('the policy of a context: its own, else the first pattern that fits', () => {
	const config = {contexts: {'k8s:*': {readOnly: true}, 'k8s:dev': {readOnly: false}, '*': {confirm: 'service.rm'}}};
	expect(['k8s:prod', 'k8s:dev', 'local', 'k8sx'].map(name => policyOf(config, name))).toEqual([
		{readOnly: true},
		{readOnly: false},
		{confirm: 'service.rm'},
		{confirm: 'service.rm'},
	]);
});
