import {readFileSync, rmSync} from 'node:fs';
import type {Server as TlsServer} from 'node:https';
import path from 'node:path';
import type {Home} from '../../backends/local/home.ts';
import {writeWhole} from '../../backends/local/system/write-whole.ts';
import type {AccessList, Listening} from '../../core/access.ts';
import {ClusterError, toClusterError} from '../../core/error.ts';
import {createTlsApiServer, type Routes} from '../api/server.ts';
import {AccessBoard} from './access-board.ts';
import {createAccessLog} from './access-log.ts';
import {createGate} from './gate.ts';
import {listenByTcp, type TcpListener, tlsOptions, type Where} from './tcp-listener.ts';

/** The API for other machines: who has access, and where it listens, which is nowhere until it is asked for. */
export class RemoteAccess {
	readonly board: AccessBoard;
	readonly #home: Home;
	readonly #now: () => number;
	readonly #log: (message: string) => void;
	#routes: Routes | undefined;
	#listener: TcpListener | undefined;
	#failed: (Where & {readonly failed: string}) | undefined;

	constructor(home: Home, now: () => number, log: (message: string) => void) {
		this.#home = home;
		this.#now = now;
		this.#log = log;
		this.board = new AccessBoard(home.access, now);
	}

	/** Listens where it did before; what speaks against it is told by `listening`, and keeps nothing else from working. */
	async start(routes: Routes): Promise<void> {
		this.#routes = routes;
		const where = readWhere(this.#whereFile);
		if (!where) {
			return;
		}

		try {
			await this.#open(where);
		} catch (error) {
			const failed = toClusterError(error).message;
			this.#failed = {...where, failed};
			this.#log(failed);
		}
	}

	list(): AccessList {
		const {listening} = this;
		return {entries: this.board.list(), ...(listening && {listening})};
	}

	get listening(): Listening | undefined {
		return this.#failed ?? this.#listener?.where;
	}

	/** From now on, and after a restart too. */
	async listen(where: Where | undefined): Promise<Listening | undefined> {
		if (where && isSame(where, this.#listener?.where)) {
			return this.#listener?.where;
		}

		const before = this.#listener;
		if (where) {
			await this.#open(where);
			writeWhole(this.#whereFile, JSON.stringify(this.#listener?.where));
		} else {
			this.#listener = undefined;
			rmSync(this.#whereFile, {force: true});
		}

		this.#failed = undefined;
		// Who asked may have come by it: after the answer.
		setImmediate(() => void before?.close());
		return this.listening;
	}

	async close(): Promise<void> {
		await this.#listener?.close();
	}

	get #whereFile(): string {
		return path.join(this.#home.access, 'listen.json');
	}

	async #open(where: Where): Promise<void> {
		const log = createAccessLog(this.#home.accessLog, this.#now, this.#log);
		const gate = createGate(this.board, log, this.#now);
		const server: TlsServer = createTlsApiServer(this.#routes ?? noRoutes, tlsOptions(this.board), gate);
		this.#listener = await listenByTcp(server, where, this.board, this.#now);
		const {host, port} = this.#listener.where;
		this.#log(`the API listens on ${host} port ${port}, for those with a certificate`);
	}
}

const noRoutes: Routes = {answers: {}, lines: {}, upgrades: {}};

function isSame(a: Where, b: Where | undefined): boolean {
	return a.host === b?.host && a.port === b.port;
}

function readWhere(file: string): Where | undefined {
	let text: string;
	try {
		text = readFileSync(file, 'utf8');
	} catch {
		return undefined;
	}

	try {
		return JSON.parse(text) as Where;
	} catch (error) {
		throw damaged(file, error);
	}
}

function damaged(file: string, cause: unknown): ClusterError {
	return new ClusterError('failed', `${file} is damaged`, {hint: 'Remove it, and say again where to listen.', cause});
}
