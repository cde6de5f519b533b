import type {ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import {isDeepStrictEqual} from 'node:util';
import type {RoutingTable} from '../../../orchestrator/balancer.ts';
import type {Home} from '../home.ts';
import type {MessageStream} from '../message-stream.ts';
import type {GatewayMessage} from '../protocol.ts';
import {prepareFolder} from '../system/folder.ts';
import {secretFolder} from '../system/secret-folder.ts';
import {connectionLimit, filesAllowed} from './connection-limit.ts';
import {keepLinked} from './daemon-link.ts';
import {Gateway} from './gateway.ts';
import {handedSockets, startSuccessor, takeOver} from './handover.ts';
import type {InstanceStats, ServiceStats} from './metrics.ts';
import {NameServers} from './name-server.ts';
import {TableFile} from './table-file.ts';
import type {Certificate} from './tls-contexts.ts';

const statsEveryMs = 1000;
/** For what clients have begun when another gateway has taken over. */
const leaveWithinMs = 5000;
/** Whether a service has started that somebody is held for. */
const lookEveryMs = 100;
/** Where the resolver asks; who may not listen there has nobody that could be told another port. */
const nameServerPort = 53;

/**
 * `muster gateway`: serves the last table until a daemon brings a later one. Ends with 0 at SIGTERM; at SIGUSR2 once another one,
 * of the program that the daemon has, has taken over its ports.
 */
export async function runGateway({home}: {readonly home: Home}): Promise<number> {
	const stop = new AbortController();
	for (const signal of ['SIGTERM', 'SIGINT'] as const) {
		process.once(signal, () => stop.abort());
	}

	const file = new TableFile(home.gatewayTable, log);
	let serial = 0;
	let stream: MessageStream<GatewayMessage> | undefined;
	let told: {services: ServiceStats; instances: InstanceStats} = {services: {}, instances: {}};
	const gateway = new Gateway({
		log,
		failedChanged: () => tellApplied(),
		demanded: serviceId => stream?.send({type: 'demand', serviceId}),
		maxConnections: connectionLimit(filesAllowed()),
		handed: handedSockets(),
	});
	const names = new NameServers(nameServerPort, log);
	const tellApplied = () => stream?.send({type: 'applied', serial, failed: gateway.failed});

	// Within a connection tables come in order, and a new daemon's first one holds whatever its number is.
	const apply = async (table: RoutingTable, certificates: readonly Certificate[] = []) => {
		void names.apply(table.names ?? []);
		keepCertificates(home, certificates);
		await Promise.all([gateway.apply(table, certificates), file.write(table)]);
		serial = table.serial;
		tellApplied();
	};

	const tellStats = () => {
		gateway.tick();
		const stats = {services: gateway.stats, instances: gateway.instanceStats};
		if (isDeepStrictEqual(stats, told)) {
			stream?.send({type: 'heartbeat'});
		} else if (stream) {
			told = stats;
			stream.send({type: 'stats', ...stats});
		}
	};

	const stored = file.read();
	if (stored) {
		serial = stored.serial;
		await Promise.all([gateway.apply(stored, keptCertificates(home)), names.apply(stored.names ?? [])]);
	}

	await takeOver();

	const timer = setInterval(tellStats, statsEveryMs);
	const successor = awaitSuccessor(home, gateway);
	const done = AbortSignal.any([stop.signal, successor.serves]);
	const link = keepLinked({
		home,
		log,
		signal: done,
		opened(opened) {
			stream = opened;
			told = {services: {}, instances: {}};
			stream.send({type: 'hello', pid: process.pid, serial});
		},
		message: ({table, certificates}) => void apply(table, certificates),
		ended() {
			stream = undefined;
		},
	});
	// Not whatever the link waits for just then.
	await Promise.race([link, once(done, 'abort')]);
	names.close();
	if (successor.serves.aborted && !stop.signal.aborted) {
		const left = gateway.leave();
		successor.letGo();
		await Promise.race([left, servingTheLast(gateway, file), once(stop.signal, 'abort')]);
	}

	clearInterval(timer);
	gateway.close();
	return 0;
}

/** Until their time is over: that of who is held for a service to start begins when it runs, which the successor's table tells. */
async function servingTheLast(gateway: Gateway, file: TableFile): Promise<void> {
	let untilMs = performance.now() + leaveWithinMs;
	while (performance.now() < untilMs) {
		await wait(lookEveryMs);
		if (gateway.isHolding) {
			untilMs = performance.now() + leaveWithinMs;
			const table = file.read();
			if (table) gateway.follow(table);
		}
	}
}

/** At SIGUSR2: `serves` is aborted when another gateway does, which has the rest from `letGo` on. */
function awaitSuccessor(home: Home, gateway: Gateway): {readonly serves: AbortSignal; readonly letGo: () => void} {
	const serves = new AbortController();
	let isAsked = false;
	let successor: ChildProcess | undefined;
	process.on('SIGUSR2', async () => {
		if (isAsked) {
			return;
		}

		try {
			isAsked = true;
			successor = await startSuccessor(home, gateway.listening);
			log(`process ${successor.pid} takes over`);
			serves.abort();
		} catch (error) {
			isAsked = false;
			log(`no other gateway can take over, this one goes on: ${(error as Error).message}`);
		}
	});
	return {serves: serves.signal, letGo: () => successor?.disconnect()};
}

/** For a gateway that is started while there is no daemon; in memory, as the secrets that they are. */
function certificatesFile(home: Home): {readonly folder: string; readonly file: string} {
	const folder = path.join(secretFolder(home).folder, '.gateway');
	return {folder, file: path.join(folder, 'certificates.json')};
}

function keepCertificates(home: Home, certificates: readonly Certificate[]): void {
	const {folder, file} = certificatesFile(home);
	try {
		if (certificates.length === 0) {
			rmSync(folder, {recursive: true, force: true});
			return;
		}

		prepareFolder(folder);
		writeFileSync(`${file}.new`, JSON.stringify(certificates), {mode: 0o600});
		renameSync(`${file}.new`, file);
	} catch (error) {
		log(`certificates cannot be kept: ${(error as Error).message}`);
	}
}

function keptCertificates(home: Home): readonly Certificate[] {
	try {
		return JSON.parse(readFileSync(certificatesFile(home).file, 'utf8')) as Certificate[];
	} catch {
		return [];
	}
}

/** To stderr, which is state/log/gateway.log. */
function log(message: string): void {
	process.stderr.write(`${new Date().toISOString()} ${message}\n`);
}
