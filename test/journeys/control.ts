import {createConnection, createServer, type Socket} from 'node:net';
import path from 'node:path';
import {createInterface} from 'node:readline';
import {readCluster} from '../helpers/cluster-text.ts';
import type {ScriptedCluster} from '../helpers/scripted-cluster.ts';
import type {ScriptedSessions} from '../helpers/scripted-session.ts';

/** A thread between a journey and the cluster in the program that it plays in. */
export type Control = {
	readonly socketPath: string;
	/** Does something to the cluster: `disconnect`, `put service web replicas 3`. */
	order(text: string): Promise<void>;
	/** What was written to the cluster so far. */
	readonly writes: readonly string[];
	/** Of the dashboard, which may have been started by a shell. */
	readonly pid: number | undefined;
	close(): void;
};

export async function openControl(folder: string): Promise<Control> {
	const socketPath = path.join(folder, 'control.sock');
	let writes: readonly string[] = [];
	let ordered = 0;
	let obeyed = 0;
	let pid: number | undefined;
	let wake = () => {};
	let socket: Socket | undefined;
	const waiting: string[] = [];
	const server = createServer(opened => {
		socket = opened;
		opened.on('error', () => {});
		createInterface({input: opened}).on('line', line => {
			const told = JSON.parse(line) as {writes: string[]; obeyed: number; pid: number};
			({writes, obeyed, pid} = told);
			wake();
		});
		for (const order of waiting.splice(0)) {
			opened.write(`${order}\n`);
		}
	});
	await new Promise<void>(resolve => {
		server.listen(socketPath, resolve);
	});
	return {
		socketPath,
		async order(text) {
			ordered++;
			const number = ordered;
			if (socket === undefined) {
				waiting.push(text);
			} else {
				socket.write(`${text}\n`);
			}

			while (obeyed < number) {
				await new Promise<void>(resolve => {
					wake = resolve;
				});
			}
		},
		get writes() {
			return writes;
		},
		get pid() {
			return pid;
		},
		close() {
			socket?.destroy();
			server.close();
		},
	};
}

/** The other end: obeys the journey, and tells it what was written. */
export function obey(cluster: ScriptedCluster, sessions: ScriptedSessions, socketPath: string): void {
	const socket = createConnection(socketPath).unref();
	socket.on('error', () => {});
	let obeyed = 0;
	const tell = () => socket.write(`${JSON.stringify({writes: cluster.writes, obeyed, pid: process.pid})}\n`);
	tell();
	createInterface({input: socket}).on('line', order => {
		act(cluster, sessions, order);
		obeyed++;
		tell();
	});
	cluster.onWrite(tell);
}

function act(cluster: ScriptedCluster, sessions: ScriptedSessions, order: string): void {
	const [, word = '', rest = ''] = /^(\S+)\s*(.*)$/.exec(order) ?? [];
	switch (word) {
		case 'disconnect':
		case 'connect':
			cluster[word]();
			break;
		case 'hold':
			cluster.hold();
			sessions.hold();
			break;
		case 'answer':
			cluster.answer();
			sessions.answer();
			break;
		case 'put': {
			const {services, nodes, instances} = readCluster(rest.replaceAll('\\e', '\u{1B}'));
			cluster.put(...services, ...nodes, ...instances);
			break;
		}
		case 'end':
			sessions.end(rest === '' ? undefined : Number(rest));
			break;
		case 'spec': {
			const [, name = '', patch = ''] = /^(\S+) (.*)$/.exec(rest) ?? [];
			cluster.patch(name, JSON.parse(patch));
			break;
		}
		case 'drop':
			cluster.drop(`${rest}-id`);
			break;
		case 'log': {
			// `log web.1 text`, `log web.1 ! text`: on stderr.
			const [, name = '', mark = '', text = ''] = /^(\S+)\s?(! )?(.*)$/.exec(rest) ?? [];
			cluster.log({
				instanceId: `${name}-id`,
				instanceName: name,
				stream: mark === '' ? 'stdout' : 'stderr',
				at: Date.now(),
				text: text.replaceAll('\\e', '\u{1B}'),
			});
			break;
		}
		default:
			throw new Error(`A cluster is told disconnect, connect, hold, answer, put, spec, drop, end or log, not ${order}`);
	}
}
