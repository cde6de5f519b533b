import type {ClusterEvent} from '../../../core/model/index.ts';
import type {RawEvent, RawTask} from '../api-types.ts';
import {toInstance, toNodeName} from '../translate/translate-task.ts';
import type {Unversioned} from '../translate.ts';

const kinds: Readonly<Record<string, string>> = {
	service: 'service',
	node: 'node',
	network: 'network',
	volume: 'volume',
	config: 'config',
	secret: 'secret',
};

const reasons: Readonly<Record<string, string>> = {
	create: 'Created',
	update: 'Updated',
	remove: 'Removed',
	destroy: 'Removed',
};

/** An event of the engine about one of the model's objects; undefined for the rest (images, containers, exec). */
export function toEvent({
	Type = '',
	Action = '',
	Actor,
	time = 0,
	timeNano,
}: RawEvent): Unversioned<ClusterEvent> | undefined {
	const kind = kinds[Type];
	const reason = reasons[Action];
	const id = Actor?.ID;
	if (kind === undefined || reason === undefined || id === undefined) return undefined;
	const {name: told = '', ...attributes} = Actor?.Attributes ?? {};
	// A node that has just joined has not said what it is called.
	const name = told || id;
	const at = Math.floor(timeNano === undefined ? time * 1000 : timeNano / 1e6);
	const changed = changesOf(attributes);
	return {
		kind: 'event',
		id: `${at}-${id.slice(0, 25)}-${Action}${changed === '' ? '' : `-${changed}`}`,
		name: attributes['state.new'] === 'down' ? 'Down' : reason,
		createdAt: at,
		updatedAt: at,
		tone:
			attributes['state.new'] === 'down' || /paused/.test(attributes['updatestate.new'] ?? '') ? 'warning' : 'normal',
		about: {kind, id, name},
		message: changed === '' ? `was ${reason.toLowerCase()}` : changed,
	};
}

const plainNames: Readonly<Record<string, string>> = {updatestate: 'update'};

const plainStates: Readonly<Record<string, string>> = {
	updating: 'under way',
	rollback_started: 'being rolled back',
	rollback_paused: 'paused while rolled back',
	rollback_completed: 'rolled back',
};

/** `state.old`, `state.new` → `state ready → down`. */
function changesOf(attributes: Readonly<Record<string, string>>): string {
	return Object.entries(attributes)
		.flatMap(([key, value]) => {
			const [, what] = /^(.*)\.new$/.exec(key) ?? [];
			if (what === undefined) return [];
			const before = attributes[`${what}.old`];
			const said = plainNames[what] ?? what;
			const [from, to] = [before, value].map(text => plainStates[text ?? ''] ?? text);
			return [from === undefined || from === '' ? `${said} ${to}` : `${said} ${from} → ${to}`];
		})
		.join(', ');
}

const told: Readonly<
	Record<string, {readonly name: string; readonly tone: ClusterEvent['tone']; readonly message: string}>
> = {
	running: {name: 'Started', tone: 'normal', message: 'runs'},
	complete: {name: 'Completed', tone: 'normal', message: 'ended with 0'},
	shutdown: {name: 'Stopped', tone: 'normal', message: 'was stopped'},
	failed: {name: 'Failed', tone: 'warning', message: 'failed'},
	rejected: {name: 'Rejected', tone: 'warning', message: 'could not be started'},
	orphaned: {name: 'Lost', tone: 'warning', message: 'is lost'},
};

/** The engine tells nothing of tasks: what they are now tells what happened to them last. */
export function taskEvent(
	task: RawTask,
	context: Parameters<typeof toInstance>[1],
): Unversioned<ClusterEvent> | undefined {
	const row = told[task.Status.State];
	if (row === undefined || !task.ServiceID) return undefined;
	const {name, status} = toInstance(task, context);
	const where = context.node === undefined ? '' : ` on ${toNodeName(context.node)}`;
	return {
		kind: 'event',
		id: `${status.at}-${task.ID}-${task.Status.State}`,
		name: row.name,
		createdAt: status.at,
		updatedAt: status.at,
		tone: row.tone,
		about: {kind: 'instance', id: task.ID, name},
		message: `${row.message}${where}${status.reason === undefined ? '' : `: ${status.reason}`}`,
	};
}
