import {quote} from '../../actions/fields/shell.ts';
import type {Session} from '../../core/backend.ts';
import {toClusterError} from '../../core/error.ts';
import type {Instance} from '../../core/model/index.ts';
import {openPrompt} from '../errands/asking.ts';
import {errorText} from '../errands/running.ts';
import type {Target} from '../keymap.ts';
import type {Joined, SessionTerminal} from '../ports.ts';
import type {Ui} from '../ui.ts';
import {type Waiting, waitFor} from './wait.ts';

/** The better of the shells that are there. */
const shell = ['sh', '-c', 'exec "$(command -v bash || echo sh)"'];
const shownShell = ['sh'];

/** Why there is none in any instance. */
export function whyNeverSession(ui: Ui, facet: 'exec' | 'attach'): string | undefined {
	const {backend} = ui.executor;
	if (ui.isReadOnly) {
		return 'What runs in there may change anything, and this is read-only mode.';
	}

	if (backend.facets[facet] === undefined) {
		return facet === 'exec'
			? `${backend.engine} cannot run commands in instances.`
			: `${backend.engine} cannot attach to instances.`;
	}

	return ui.forbidden(`instance.${facet}`, undefined);
}

/** Why no session can be opened to the target; undefined: one can. Of a service, its first running instance is meant. */
export function whyNoSession(ui: Ui, target: Target | undefined, facet: 'exec' | 'attach'): string | undefined {
	const why = whyNeverSession(ui, facet);
	if (why !== undefined) {
		return why;
	}

	const instance = instanceOf(ui, target);
	if (instance === undefined) {
		return `No instance of ${target?.name ?? 'it'} runs.`;
	}

	if (instance.status.state !== 'running') {
		return `${instance.name} does not run: it is ${instance.status.state}.`;
	}

	const forbidden = ui.forbidden(`instance.${facet}`, instance);
	if (forbidden !== undefined) {
		return forbidden;
	}

	const service = ui.find({kind: 'service', id: instance.serviceId});
	const template = service?.kind === 'service' ? service.spec.template : undefined;
	return facet === 'attach' && template !== undefined && !template.tty && !template.openStdin
		? `${instance.name} has neither a terminal nor an open input: its service was created without -t and -i.`
		: undefined;
}

/** The instance itself, or the first one of a service that runs. */
function instanceOf(ui: Ui, target: Target | undefined): Instance | undefined {
	if (target?.kind !== 'service') {
		return target?.kind === 'instance' ? target : undefined;
	}

	return ui.world.instances
		.filter(({serviceId, status}) => serviceId === target.id && status.state === 'running')
		.toSorted((a, b) => a.slot - b.slot || b.createdAt - a.createdAt)[0];
}

/** A shell beside what runs in an instance; of several containers, in the one that is named. */
export function openShell(ui: Ui, target: Target | undefined): void {
	const instance = instanceOf(ui, target);
	if (instance === undefined) {
		return;
	}

	const {names: [first = '', ...others] = []} = instance.containers ?? {};
	if (others.length === 0) {
		enterShell(ui, instance);
		return;
	}

	const names = [first, ...others];
	openPrompt(ui, {
		label: `Shell in which container of ${instance.name}: `,
		text: '',
		hint: () => `${first}, or ${others.join(', ')}`,
		complete: text => names.filter(name => name.startsWith(text)),
		submit(text) {
			const wanted = text.trim() === '' ? first : text.trim();
			// As much of it as tells it from the others.
			const found = names.includes(wanted) ? [wanted] : names.filter(name => name.startsWith(wanted));
			if (found.length !== 1) return false;
			enterShell(ui, instance, found[0]);
			return true;
		},
	});
}

function enterShell(ui: Ui, instance: Instance, container?: string): void {
	const {exec} = ui.executor.backend.facets;
	if (exec === undefined) {
		return;
	}

	const {id, name} = instance;
	const which = container === undefined ? [] : ['--container', container];
	const command = ['muster', 'exec', '-it', ...which, name, ...shownShell].map(quote).join(' ');
	enter(ui, {
		instance,
		word: 'the shell',
		command,
		open: () =>
			exec.call(
				ui.executor.backend.facets,
				{kind: 'instance', id, name},
				{command: shell, tty: true, stdin: true, size: ui.state.size, ...(container !== undefined && {container})},
			),
		terminal: {title: `${place(instance)} · ${command} · exit comes back`, tty: true, stdin: true, detachable: false},
	});
}

/** Input and output of the instance itself. */
export function attachTo(ui: Ui, target: Target | undefined): void {
	const instance = instanceOf(ui, target);
	const {attach} = ui.executor.backend.facets;
	if (instance === undefined || attach === undefined) {
		return;
	}

	const {id, name} = instance;
	const service = ui.find({kind: 'service', id: instance.serviceId});
	const {tty = true, openStdin = true} = service?.kind === 'service' ? service.spec.template : {};
	const command = ['muster', 'attach', name].map(quote).join(' ');
	const how = tty ? 'ctrl-p ctrl-q leaves it running' : 'ctrl-c leaves it running';
	enter(ui, {
		instance,
		word: 'what was attached to',
		command,
		open: () => attach.call(ui.executor.backend.facets, {kind: 'instance', id, name}, ui.state.size),
		terminal: {
			title: `${place(instance)} · ${command} · ${how}`,
			tty,
			stdin: tty || openStdin,
			detachable: true,
		},
	});
}

export function place({name, nodeName}: Instance): string {
	return nodeName === undefined ? name : `${name} on ${nodeName}`;
}

export type Visit = {
	readonly instance: Instance;
	readonly word: string;
	/** The equal command. */
	readonly command: string;
	open(): Promise<Session>;
	readonly terminal: SessionTerminal;
	/** How long it may take to be opened; absent: as long as usual. */
	readonly openMs?: number;
};

/** What does not answer is not waited for any longer. */
const usualOpenMs = 10_000;

export function enter(ui: Ui, visit: Visit): void {
	const {command, instance, openMs = usualOpenMs} = visit;
	const wait = waitFor(ui, {title: `${command} …`, name: instance.name, mostMs: openMs});
	void visited(ui, visit, wait)
		.then(
			joined => ui.say(...outcome(visit, joined)),
			(error: unknown) => ui.say('bad', errorText(toClusterError(error))),
		)
		.finally(wait.end);
}

async function visited(ui: Ui, {open, terminal}: Visit, wait: Waiting): Promise<Joined> {
	const opening = open();
	try {
		const session = await Promise.race([opening, wait.over]);
		return await ui.terminal.handOver(async () => ui.ports.join(session, terminal));
	} catch (error) {
		// One that comes too late is closed again.
		void opening.then(
			session => session.close(),
			() => {},
		);
		throw error;
	}
}

function outcome({instance, word, command}: Visit, {isLeft, code}: Joined): Parameters<Ui['say']> {
	if (isLeft) {
		return ['good', `✓ left ${instance.name}, which goes on · ${command} goes back`];
	}

	if (code === undefined) {
		return ['bad', `✗ the connection to ${instance.name} broke; nobody knows how ${word} in it ended`];
	}

	return code === 0
		? ['good', `✓ ${command}`]
		: ['warning', `${command}: ${word} in ${instance.name} ended with ${code}`];
}
