import {spawn} from 'node:child_process';
import {mkdirSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {type Home, homeOf} from '../../source/backends/local/home.ts';
import {openLocal} from '../../source/backends/local/index.ts';
import {signalProcess} from '../../source/backends/local/system/process-identity.ts';
import type {Backend} from '../../source/core/backend.ts';
import type {Config, Image, Instance, Node, Secret, Service} from '../../source/core/model/index.ts';
import type {Installation} from './installation.ts';
import {type FoundProcess, findProcesses} from './processes.ts';

export type Answer = {readonly code: number | null; readonly text: string};

export type EngineState = {
	readonly services: readonly Service[];
	/** History included. */
	readonly instances: readonly Instance[];
	readonly nodes: readonly Node[];
	readonly images: readonly Image[];
	/** Configs and secrets. */
	readonly files: ReadonlyArray<Config | Secret>;
};

const commandTimeoutMs = 60_000;
/** Children of a process that was killed may need a moment to be seen as gone. */
const reapTimeoutMs = 2000;

/** A local engine of real processes, used through its command, and seen through its API and /proc. */
export class Engine {
	readonly home: Home;
	readonly #command: string;
	#client: Backend | undefined;

	constructor({folder, command}: Installation, name: string) {
		const root = path.join(folder, name);
		mkdirSync(root, {mode: 0o700});
		this.home = homeOf({MUSTER_HOME: root}, {temporary: tmpdir(), cwd: root});
		this.#command = command;
	}

	/** Runs a command to its end; code null: it had to be ended. */
	async run(...args: readonly string[]): Promise<Answer> {
		const child = spawn(this.#command, args, {
			env: {...process.env, MUSTER_HOME: this.home.root, NO_COLOR: '1'},
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		let text = '';
		for (const stream of [child.stdout, child.stderr]) {
			stream.setEncoding('utf8').on('data', part => {
				text += part;
			});
		}

		const timer = setTimeout(() => child.kill('SIGKILL'), commandTimeoutMs);
		const code = await new Promise<number | null>(resolve => {
			child.once('close', resolve);
		});
		clearTimeout(timer);
		return {code, text};
	}

	/** What the daemon says is there. Started by this only where nothing of muster's is left that would start it. */
	async state(): Promise<EngineState> {
		const isDead = this.processes().every(({role}) => role === 'other' || role === 'shim' || role === 'instance');
		this.#client ??= await this.open({autoStart: isDead});
		const client = this.#client;
		try {
			const [services, instances, nodes, images, configs, secrets] = await Promise.all([
				client.list({kind: 'service'}),
				client.list({kind: 'instance', history: true}),
				client.list({kind: 'node'}),
				client.list({kind: 'image'}),
				client.list({kind: 'config'}),
				client.list({kind: 'secret'}),
			]);
			return {
				services: services.items,
				instances: instances.items,
				nodes: nodes.items,
				images: images.items,
				files: [...configs.items, ...secrets.items],
			};
		} catch (error) {
			this.closeClient();
			throw error;
		}
	}

	/** A client of its own, for who closes it. */
	open({autoStart}: {readonly autoStart: boolean}): Promise<Backend> {
		return openLocal({home: this.home, cwd: this.home.root, path: '/usr/bin:/bin', program: this.#program, autoStart});
	}

	closeClient(): void {
		this.#client?.close();
		this.#client = undefined;
	}

	processes(): FoundProcess[] {
		return findProcesses(this.home.root);
	}

	/** The last lines of each log of muster's own. */
	logs(lines: number): string {
		return readdirSync(this.home.logs)
			.map(name => {
				const text = readFileSync(path.join(this.home.logs, name), 'utf8').trimEnd().split('\n');
				return `--- ${name}\n${text.slice(-lines).join('\n')}`;
			})
			.join('\n');
	}

	/** Ends everything; the answer says what was left and had to be killed. */
	async end(): Promise<string[]> {
		this.closeClient();
		const {code, text} = await this.run('daemon', 'stop', '--all', '--yes');
		const deadline = performance.now() + reapTimeoutMs;
		while (this.processes().length > 0 && performance.now() < deadline) {
			await new Promise(resolve => setTimeout(resolve, 50));
		}

		const left = this.kill();
		return [
			...(code === 0 ? [] : [`daemon stop --all ended with ${code}: ${text.trim()}`]),
			...left.map(({pid, role, instance}) => `process ${pid} was left: ${role} ${instance?.name ?? ''}`),
		];
	}

	/** Ends everything at once, also what is started by what is being ended; the answer is what was there. */
	kill(): FoundProcess[] {
		const left = this.processes();
		for (let found = left; found.length > 0; found = this.processes()) {
			for (const process of found) {
				signalProcess(process, 'SIGKILL');
			}
		}

		rmSync(this.home.root, {recursive: true, force: true});
		rmSync(this.home.shortRun, {recursive: true, force: true});
		return left;
	}

	get #program() {
		return {command: process.execPath, args: [path.join(path.dirname(path.dirname(this.#command)), 'dist', 'muster')]};
	}
}
