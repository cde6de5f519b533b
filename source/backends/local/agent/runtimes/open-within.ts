import {type ChildProcess, spawn, spawnSync} from 'node:child_process';
import {createSocket, Socket} from 'node:dgram';
import {createServer, Server} from 'node:net';

/** How many doors are opened, and whether names are told for the first time. */
type Order = {readonly doors: number; readonly names: boolean};
type ToHelper = {readonly type: 'open'; readonly order: Order} | {readonly type: 'rules'; readonly text: string};
type FromHelper =
	| {readonly type: 'opened'; readonly index: number | 'names'; readonly port: number}
	| {readonly type: 'ruled'; readonly problem: string | undefined};

/** What listens in another network, and is served here. */
export type Opened = {
	readonly doors: ReadonlyArray<{readonly server: Server; readonly within: number}>;
	readonly names?: {readonly socket: Socket; readonly within: number};
};

const loopback = '127.0.0.1';
const timeoutMs = 10_000;
const restores = ['iptables-restore', 'iptables-nft-restore', 'iptables-legacy-restore'];

/**
 * Listens within the network of a process, and has what is sent there led to it by `rulesFor`. A helper goes in, hands over
 * what it listens with, and ends: a socket stays in the network that it was made in. Throws a sentence.
 */
export async function openWithin(pid: number, order: Order, rulesFor: (opened: Opened) => string): Promise<Opened> {
	const own = [process.execPath, ...process.execArgv, process.argv[1] ?? '', 'container-doors'];
	const child = spawn('nsenter', [`--net=/proc/${pid}/ns/net`, ...own], {
		stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
		env: {...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin`},
	});
	const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
	const doors: Array<Opened['doors'][number]> = [];
	let names: Opened['names'];
	try {
		return await new Promise<Opened>((resolve, reject) => {
			child.once('error', reject);
			child.once('exit', () => reject(new Error('what goes into its network has ended')));
			child.on('message', (message: FromHelper, handle: unknown) => {
				if (message.type === 'ruled') {
					message.problem === undefined ? resolve({doors, names}) : reject(new Error(message.problem));
					return;
				}

				const {index, port: within} = message;
				if (index !== 'names' && handle instanceof Server) {
					doors[index] = {server: handle, within};
				} else if (handle instanceof Socket) {
					names = {socket: handle, within};
				}

				if (doors.filter(Boolean).length === order.doors && (names !== undefined || !order.names)) {
					tell(child, {type: 'rules', text: rulesFor({doors, names})});
				}
			});
			tell(child, {type: 'open', order});
			if (order.doors === 0 && !order.names) {
				tell(child, {type: 'rules', text: rulesFor({doors})});
			}
		});
	} catch (error) {
		for (const {server} of doors.filter(Boolean)) {
			server.close();
		}

		names?.socket.close();
		throw error;
	} finally {
		clearTimeout(timer);
		child.removeAllListeners('exit');
		if (child.connected) {
			child.disconnect();
		}
	}
}

function tell(child: ChildProcess, message: ToHelper): void {
	child.send(message, () => {});
}

/** `muster container-doors`, the helper: what it is told comes by the channel that it was started with. */
export function helpWithin(): Promise<number> {
	process.on('message', (message: ToHelper) => {
		if (message.type === 'open') {
			open(message.order);
		} else {
			hand({type: 'ruled', problem: restore(message.text)});
		}
	});
	return new Promise(resolve => {
		process.once('disconnect', () => resolve(0));
	});
}

function open({doors, names}: Order): void {
	for (let index = 0; index < doors; index++) {
		const server = createServer();
		server.listen({host: loopback, port: 0}, () => {
			const {port} = server.address() as {port: number};
			hand({type: 'opened', index, port}, server, () => server.close());
		});
	}

	if (names) {
		const socket = createSocket('udp4');
		socket.bind({address: loopback, port: 0}, () => {
			hand({type: 'opened', index: 'names', port: socket.address().port}, socket, () => socket.close());
		});
	}
}

function hand(message: FromHelper, handle?: Server | Socket, done: () => void = () => {}): void {
	process.send?.(message, handle, {}, done);
}

/** By the first that works; what the others say is worth nothing then. */
function restore(rules: string): string | undefined {
	const problems: string[] = [];
	for (const program of restores) {
		const {status, stderr, error} = spawnSync(program, ['--noflush'], {input: rules, encoding: 'utf8'});
		if (status === 0) {
			return undefined;
		}

		problems.push(`${program}: ${error ? (error as NodeJS.ErrnoException).code : stderr.trim().split('\n')[0]}`);
	}

	return problems[0];
}
