import {expect, test} from 'vitest';
import type {Action} from '../../source/actions/action.ts';
import {equalCommand} from '../../source/actions/fields/equal-command.ts';
import {splitWords} from '../../source/actions/fields/shell.ts';
import {actions} from '../../source/actions/index.ts';
import {parse, parseValue} from '../../source/commands/arguments/parse.ts';
import {findVerb} from '../../source/commands/find-verb.ts';
import {readInput} from '../actions/plan-text.ts';

// The command that stands in the journal for a change does the same change again.

test.each<[id: string, target: string | undefined, ...words: string[]]>([
	['service.create', undefined, 'image=nodejs', 'replicas=3'],
	['service.create', undefined, 'image=-x', 'command=--name', 'command=a b', "command=it's", 'command=$HOME'],
	[
		'service.create',
		undefined,
		'image=/bin/sh',
		'env=A=b c=d',
		'env=EMPTY=',
		'label=x=1',
		'publish=[::1]:8080:80',
		'publish=81',
		'healthCmd=test -f "/tmp/x y"',
		'healthInterval=1m30s',
		'limitMemory=1536k',
		'reserveCpu=.5',
		'constraint=node.labels.zone != a b',
		'placementPref=spread=node.labels.zone',
		'restartCondition=on-failure',
		'stopGracePeriod=0',
		'tty',
	],
	['service.update', 'web', 'args=a \'b c\' "d"', 'envRm=A', 'publishRm=80', 'force'],
	['service.scale', 'web', 'replicas=0'],
	['service.rm', 'web'],
	['node.drain', 'n1', 'deadline=90s'],
	['node.add', undefined, 'name=n9', 'memory=4g'],
	['node.label', 'n1', 'labels=zone=a b', 'labels=old-'],
	['node.fail', 'n1', 'for=1500ms'],
	['instance.kill', 'web.3', 'signal=TERM'],
	['image.add', undefined, 'path=/srv/my app', 'name=app'],
])('%s %s %s', async (id, target, ...texts) => {
	const action = actions.get(id) as Action;
	const input = readInput(action, texts);
	const [muster, ...line] = splitWords(equalCommand(action, target, input)) ?? [];
	expect(muster).toBe('muster');
	const asked = findVerb(line);
	if (asked.type !== 'verb') throw new Error(`no verb: ${line.join(' ')}`);
	expect(asked.path.replace(' ', '.')).toBe(id);
	const {flags, operands} = await parse(await asked.entry.load(), asked.words);
	const withFallbacks = Object.fromEntries(
		Object.entries(flags).filter(([name, value]) => name in input || value !== action.fields[name]?.fallback),
	);
	expect({...withFallbacks, ...operandInput(action, target, operands)}).toEqual(input);
});

/** What the words that are no flags say. */
function operandInput(
	action: Action,
	target: string | undefined,
	operands: readonly string[],
): Record<string, unknown> {
	const [name, ...others] = target === undefined ? ['', ...operands] : operands;
	const input: Record<string, unknown> = {};
	for (const [field, {operand, many, ...rest}] of Object.entries(action.fields)) {
		const value = (text: string) => parseValue(field, {...rest, parse: action.fields[field]?.parse ?? String}, text);
		if (operand === 'assign') {
			input[field] = value(name?.split('=')[1] ?? '');
		} else if (operand === 'one') {
			input[field] = value(others.shift() ?? '');
		} else if (operand === 'rest' && others.length > 0) {
			input[field] = others.map(value);
		}
	}

	expect(name?.split('=')[0]).toBe(target ?? '');
	return input;
}
