import {quote} from '../../actions/fields/shell.ts';
import type {CommandFile} from '../../core/config/config.ts';
import {filledIn, placeholdersIn, valueAt, valueText} from '../../core/config/placeholders.ts';
import {toClusterError} from '../../core/error.ts';
import {stripControl} from '../../core/text/text.ts';
import {keysOfConfig} from '../config/bindings.ts';
import {openPanel} from '../errands/asking.ts';
import {errorText} from '../errands/running.ts';
import type {KeymapRow, Target} from '../keymap.ts';
import type {Ended} from '../ports.ts';
import type {Ui} from '../ui.ts';

/** The rows of a user's own commands on a screen. */
export function commandRows(commands: readonly CommandFile[], screen: string): readonly KeymapRow[] {
	return commands
		.filter(
			({screens}) => screens === screen || screens === 'all' || screens.includes(screen) || screens.includes('all'),
		)
		.map(command => ({
			keys: keysOfConfig(command.key),
			hint: command.name,
			help: `${command.name}: ${command.command}`,
			unavailable: (ui, target) => whyNot(ui, command, target),
			press: ui => runCommand(ui, command, targetsOf(ui)),
			many: (ui, targets) => runCommand(ui, command, targets),
		}));
}

function targetsOf(ui: Ui): readonly Target[] {
	return ui.target === undefined ? [] : [ui.target];
}

function whyNot(ui: Ui, {command, changes = true}: CommandFile, target: Target | undefined): string | undefined {
	if (ui.isReadOnly && changes) {
		return 'It may change something, and this is read-only: its config would have to say changes: false.';
	}

	const names = placeholdersIn(command).filter(name => name !== 'context');
	if (names.length > 0 && target === undefined) {
		return 'Nothing is selected.';
	}

	const missing = names.find(name => name !== 'names' && value(ui, target, name) === undefined);
	return missing === undefined ? undefined : `${target?.name ?? 'It'} has no ${missing}.`;
}

/** What a placeholder stands for; some are the same under one name for every kind. */
function value(ui: Ui, target: Target | undefined, name: string, all: readonly Target[] = []): string | undefined {
	switch (name) {
		case 'context':
			return ui.executor.backend.name;
		case 'names':
			return all.map(one => one.name).join(' ');
		case 'service':
			return target?.kind === 'instance' ? target.serviceName : target?.kind === 'service' ? target.name : undefined;
		case 'node':
			return target?.kind === 'instance' ? target.nodeName : target?.kind === 'node' ? target.name : undefined;
		case 'image':
			return target?.kind === 'service'
				? target.spec.template.image
				: target?.kind === 'image'
					? target.name
					: undefined;
		default:
			return valueText(valueAt(target, name));
	}
}

/** Asked about where that is wanted; where several are marked, once for each, or once with the names of all. */
function runCommand(ui: Ui, command: CommandFile, targets: readonly Target[]): void {
	const isForAll = placeholdersIn(command.command).includes('names') || targets.length === 0;
	const each = isForAll ? [targets[0]] : targets;
	const lines = each.map(target => lineFor(ui, command, target, targets));
	const missing = lines.find(line => 'missing' in line);
	if (missing !== undefined && 'missing' in missing) {
		ui.say('warning', `${command.name}: there is no ${missing.missing} to fill in`);
		return;
	}

	const ready = lines.flatMap(line => ('line' in line ? [line.line] : []));
	const {confirm = false} = command;
	if (confirm === false) {
		void runLines(ui, command, ready);
		return;
	}

	openPanel(ui, {
		title: command.name,
		preview: () => ({summary: '', rows: []}),
		question: confirm === true ? `Run it${ready.length > 1 ? ` for each of ${ready.length}` : ''}?` : confirm,
		command: () => ready.join('\n'),
		verb: 'run',
		act: it => void runLines(it, command, ready),
	});
}

/** The names of all are a word each. */
function lineFor(ui: Ui, {command}: CommandFile, target: Target | undefined, all: readonly Target[]) {
	const words = all.map(({name}) => quote(name)).join(' ');
	const marker = '\u{0}names\u{0}';
	const filled = filledIn(
		command,
		name => (name === 'names' ? marker : value(ui, target, name, all)),
		word => (word === marker ? words : quote(word)),
	);
	return filled;
}

async function runLines(ui: Ui, command: CommandFile, lines: readonly string[]): Promise<void> {
	for (const line of lines) {
		ui.say('busy', `${command.name}: ${line} …`);
		try {
			await runLine(ui, command, line);
		} catch (error) {
			ui.say('bad', errorText(toClusterError(error)));
			return;
		}
	}
}

async function runLine(ui: Ui, {name, screen = false, pause = false}: CommandFile, line: string): Promise<void> {
	// What it calls of muster goes to the same cluster.
	const program = {argv: ['sh', '-c', line], env: {MUSTER_CONTEXT: ui.executor.backend.name}};
	if (screen) {
		const ended = await ui.terminal.handOver(async () => ui.ports.run(program, {pauses: pause}));
		tell(ui, name, ended, '');
		return;
	}

	const {output, ...ended} = await ui.ports.runBehind(program);
	tell(ui, name, ended, lastLine(output));
}

function tell(ui: Ui, name: string, {code, signal}: Ended, said: string): void {
	const end = said === '' ? '' : `: ${said}`;
	if (code === 0) {
		ui.say('good', `✓ ${name}${end}`);
	} else {
		ui.say('bad', `✗ ${name} ended with ${signal ?? code}${end}`);
	}
}

/** What a program said last. */
function lastLine(output: string): string {
	return stripControl(output.trimEnd().split('\n').at(-1) ?? '');
}
