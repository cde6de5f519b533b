import {writeFileSync} from 'node:fs';
import type {Server} from 'node:http';
import path from 'node:path';
import {createOrchestratorBackend} from '../orchestrator/orchestrator-backend.ts';
import {CertificateAdmission} from './admission/certificate-admission.ts';
import {createServiceAdmission} from './admission/service-admission.ts';
import {createRoutes} from './api/routes.ts';
import {createApiServer, type Routes} from './api/server.ts';
import {realClock as clock} from './clock.ts';
import {componentHealth} from './figures/health.ts';
import {metricsText} from './figures/metrics.ts';
import {log} from './log.ts';
import type {Parts} from './parts.ts';
import {stopAll} from './processes/stop-all.ts';
import {queryLogs} from './sessions/instance-logs.ts';
import {openSession} from './sessions/session-pipe.ts';
import {removeLostVolumes} from './volumes.ts';

/** The API over the parts of a daemon: for this machine, and where that was asked for others. */
export async function createDaemonApi(parts: Parts): Promise<Server> {
	const routes = routesOf(parts);
	await Promise.all([parts.access.start(routes), parts.metrics.start()]);
	return createApiServer(routes);
}

function routesOf(parts: Parts): Routes {
	const {home, daemon, store, usage, fleet, gateway, orchestrator, images, ready} = parts;
	return createRoutes({
		version: () => ready.promise.then(() => daemon),
		orchestrator,
		// Lists are written out from the store's own objects; figures are added there.
		objects: createOrchestratorBackend(orchestrator, {
			clock,
			usage: {get: () => undefined, subscribe: listener => usage.subscribe(listener)},
		}),
		usage,
		admitted: createServiceAdmission(store),
		certificates: new CertificateAdmission({
			services: () => store.all('service'),
			contentOf: parts.secretText,
		}),
		images,
		volumeRemoved: () => removeLostVolumes(home, store),
		kill: ({id, nodeId = ''}, signal) => fleet.sessions.kill(nodeId, id, signal),
		health: () => componentHealth({...parts, clock, startedAt: daemon.startedAt}),
		kept: () => kept(parts),
		stop: all => stop(parts, all),
		logs: (query, signal) => queryLogs(home, store, query, signal),
		session: ({nodeId = ''}, request, socket, head) =>
			openSession(socket, head, fleet.sessions.state(nodeId)?.socketPath, request),
		acceptAgent: (socket, head) => fleet.accept(socket, head),
		acceptGateway: (socket, head) => gateway.accept(socket, head),
		access: parts.access,
		copyStore() {
			const file = path.join(home.state, `store-copy-${process.pid}-${clock.now()}.db`);
			parts.copyStore(file);
			return file;
		},
		metrics: () => metricsOf(parts),
		metricsListener: parts.metrics,
	});
}

/** Everything that is measured, as Prometheus reads it. */
export function metricsOf(parts: Parts): string {
	const {version, startedAt} = parts.daemon;
	return metricsText({...parts, clock, version, startedAt});
}

/** What could not be brought to the disk may be there or not: another daemon reads what there is. */
async function kept({store, ending}: Parts): Promise<void> {
	try {
		await store.synced();
	} catch (error) {
		log((error as Error).message);
		setImmediate(() => ending.resolve('nobody knows what of its store is on the disk'));
		throw error;
	}
}

/** Ends this daemon, and before it everything else where that was asked too. */
async function stop(parts: Parts, all: boolean): Promise<void> {
	const {home, orchestrator, store, ending} = parts;
	writeFileSync(home.stopped, '', {mode: 0o600});
	try {
		if (all) {
			orchestrator.stop();
			await stopAll({...parts, clock});
		}
	} finally {
		// After the answer has been written, which waits for the disk.
		const end = () =>
			setImmediate(() => ending.resolve(all ? 'it was told to, with everything else' : 'it was told to'));
		store.synced().then(end, end);
	}
}
