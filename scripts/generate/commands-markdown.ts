import type {Fields} from '../../source/actions/action.ts';
import {sharedFields} from '../../source/commands/arguments/shared-flags.ts';
import {flagHelp, flagTitle, usageOf} from '../../source/commands/help.ts';
import {nouns} from '../../source/commands/nouns.ts';
import {type ErrorCode, errorCodes} from '../../source/core/error.ts';
import {allVerbs, type NamedVerb, shortcuts} from './verbs.ts';

/** docs/commands.md. */
export async function commandsMarkdown(): Promise<string> {
	const verbs = await allVerbs();
	const short = [...shortcuts()].map(([name, path]) => `- \`muster ${name}\` is \`muster ${path}\``);
	const others = nouns.flatMap(({name, aliases}) =>
		aliases.length === 0 ? [] : [`- \`${name}\` may be written ${aliases.map(alias => `\`${alias}\``).join(', ')}`],
	);
	return `# Commands

\`muster NOUN VERB [FLAGS] [NAME…]\`. Without a command, \`muster\` opens the dashboard; where there is no terminal, it
prints services and nodes.

${others.join('\n')}

${short.join('\n')}

## Flags that may stand anywhere

${flagTable(sharedFields)}

## Exit status

| Status | Why |
|---|---|
| 0 | Done |
${exitRows().join('\n')}
| 130 | Left by ctrl-c; what was changed stays |

${verbs.map(section).join('\n')}`;
}

const meanings: Readonly<Record<ErrorCode, string>> = {
	failed: 'Failed',
	storage: 'Could not be written: a full disk, say',
	usage: 'Bad usage',
	'not-found': 'A name, context or image was not found',
	conflict: 'Conflict: a name or port that is taken, or something was changed meanwhile',
	unreachable: 'The engine cannot be reached',
	expired: '',
	'not-allowed': 'Not allowed, or not confirmed',
	timeout: 'Timed out',
	unsupported: 'Not supported by this engine',
};

function exitRows(): string[] {
	const byExit = Map.groupBy(Object.keys(errorCodes) as ErrorCode[], code => errorCodes[code].exit);
	return [...byExit].map(([exit, codes]) => {
		const texts = codes.map(code => meanings[code]).filter(Boolean);
		return `| ${exit} | ${texts.join('. ')} |`;
	});
}

function section({path, summary, verb}: NamedVerb): string {
	const {details, examples = [], fields} = verb;
	const parts = [
		`## ${path}`,
		`${summary}.`,
		block([usageOf(path, verb)]),
		...(details === undefined ? [] : [details.replaceAll('\n', '\\\n')]),
		...(examples.length === 0 ? [] : [block(examples)]),
		...(Object.keys(fields).length === 0 ? [] : [flagTable(fields)]),
	];
	return `${parts.join('\n\n')}\n`;
}

function block(lines: readonly string[]): string {
	return ['```sh', ...lines, '```'].join('\n');
}

function flagTable(fields: Fields): string {
	const rows = Object.entries(fields).map(
		([name, field]) => `| \`${flagTitle(name, field).trim().replaceAll('|', '\\|')}\` | ${flagHelp(field)} |`,
	);
	return ['| Flag | What it does |', '|---|---|', ...rows].join('\n');
}
