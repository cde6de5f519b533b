import type {Fields} from '../../source/actions/action.ts';
import {sharedFields} from '../../source/commands/arguments/shared-flags.ts';
import {flagHelp, flagTitle, usageOf} from '../../source/commands/help.ts';
import {allVerbs, type NamedVerb} from './verbs.ts';

/** docs/muster.1, in the macros of man(7). */
export async function manPage(version: string): Promise<string> {
	const verbs = await allVerbs();
	return `.TH MUSTER 1 "" "muster ${version}" "muster"
.SH NAME
muster \\- a cluster manager for the terminal
.SH SYNOPSIS
.B muster
.br
.B muster
.I NOUN VERB
[\\fIFLAGS\\fR] [\\fINAME\\fR...]
.SH DESCRIPTION
Without a command muster opens the dashboard; where there is no terminal, it prints services and nodes.
.SH FLAGS THAT MAY STAND ANYWHERE
${flags(sharedFields)}.SH COMMANDS
${verbs.map(command).join('')}.SH EXIT STATUS
0 done, 1 failed, 2 bad usage, 3 not found, 4 conflict, 5 engine unreachable, 6 not allowed, 7 timed out, 8 not supported by
this engine, 130 left by ctrl-c.
.SH ENVIRONMENT
.TP
.B MUSTER_HOME
The folder below which every file of muster lies; default: the XDG folders.
.TP
.B MUSTER_CONTEXT
The context where none is given.
.TP
.B NO_COLOR
No colours.
`;
}

function command({path, summary, verb}: NamedVerb): string {
	const details = verb.details === undefined ? '' : `${roff(verb.details).replaceAll('\n', '\n.br\n')}\n`;
	return `.SS ${roff(usageOf(path, verb))}\n${roff(summary)}.\n${details}${flags(verb.fields)}`;
}

function flags(fields: Fields): string {
	return Object.entries(fields)
		.map(([name, field]) => `.TP\n.B ${roff(flagTitle(name, field).trim())}\n${roff(flagHelp(field))}\n`)
		.join('');
}

/** Backslashes, dashes that are to be copied, and a dot or quote that would begin a macro. */
function roff(text: string): string {
	return text
		.replaceAll('\\', '\\e')
		.replaceAll('-', '\\-')
		.replace(/^(?=[.'])/gm, '\\&');
}
