import {rmdirSync, rmSync, writeFileSync} from 'node:fs';
import type {Home} from '../backends/local/home.ts';
import {protocolLevel, protocolVersion} from '../backends/local/protocol.ts';
import type {Program} from '../backends/local/start-daemon.ts';
import {identify} from '../backends/local/system/process-identity.ts';
import {removeSecrets} from '../backends/local/system/secret-folder.ts';
import {fileVersionId} from '../orchestrator/file-versions.ts';
import {Orchestrator} from '../orchestrator/orchestrator.ts';
import {createMemoryStore} from '../orchestrator/store/memory-store.ts';
import {openSqlite} from '../orchestrator/store/sqlite.ts';
import type {Store} from '../orchestrator/store/store.ts';
import type {Vault} from '../orchestrator/vault.ts';
import type {VirtualNet} from '../orchestrator/virtual-addresses.ts';
import {RemoteAccess} from './access/remote-access.ts';
import {machineCapacity} from './admission/machine-capacity.ts';
import {openVault} from './admission/vault.ts';
import {findVirtualNet} from './admission/virtual-net.ts';
import {realClock as clock} from './clock.ts';
import {createDaemonApi, metricsOf} from './daemon-api.ts';
import {LoopLateness} from './figures/loop-lateness.ts';
import {MetricsListener} from './figures/metrics-listener.ts';
import {UsageBoard} from './figures/usage.ts';
import {ImageBoard} from './image-board.ts';
import {watchLostContainers} from './leftovers/lost-containers.ts';
import {removeLostLogs} from './leftovers/lost-logs.ts';
import {endEarlierNodes, killEverything, killOwn, watchHome} from './leftovers/orphans.ts';
import {log} from './log.ts';
import type {Parts} from './parts.ts';
import {firstAgents} from './processes/first-agents.ts';
import {GatewayLink} from './processes/gateway-link.ts';
import {LocalFleet} from './processes/local-fleet.ts';
import {Tenders} from './processes/tenders.ts';
import {listenOn} from './socket.ts';
import {makeVolumes, removeLostVolumes, volumePath} from './volumes.ts';

export type DaemonPartsOptions = {readonly home: Home; readonly version: string; readonly program: Program};

export type RunningDaemon = {
	/** When it is to end by itself; says why. */
	readonly ending: Promise<string>;
	/** Ends the API, lets agents and gateway go on, closes the store. */
	close(): Promise<void>;
};

/** Starts everything of a daemon that holds its lock. */
export async function startDaemonParts(options: DaemonPartsOptions): Promise<RunningDaemon> {
	const virtualNet = await findVirtualNet(options.home);
	const parts = createParts(options, virtualNet);
	const {home, store, orchestrator, gateway, lateness} = parts;
	const isNew = store.count('node') === 0;
	if (isNew) {
		await endEarlierNodes(home, clock);
	}

	await parts.images.load();
	const socket = await listenOn(await createDaemonApi(parts), home.socket);
	writeFileSync(home.daemonInfo, describe(parts, options.program), {mode: 0o600});
	removeLostLogs(home, store);
	makeVolumes(home);
	removeLostVolumes(home, store);
	lateness.start();
	orchestrator.start();
	gateway.start();
	parts.tenders.start();
	const leaveContainers = watchLostContainers(home, store, clock);
	const unwatch = watchHome(home, clock, how => (how === 'removed' ? endOrphaned(parts) : void endReplaced(parts)));
	parts.ready.resolve(isNew ? firstAgents(store, clock) : undefined);
	return {
		ending: parts.ending.promise,
		async close() {
			orchestrator.stop();
			lateness.stop();
			unwatch();
			leaveContainers();
			letGo(parts);
			parts.metrics.close();
			await Promise.all([socket.close(), parts.access.close()]);
			store.close();
			rmSync(home.daemonInfo, {force: true});
			removeEmpty(home.shortRun);
		},
	};
}

function createParts({home, version, program}: DaemonPartsOptions, virtualNet: VirtualNet | undefined): Parts {
	const persistence = openSqlite(home.store);
	const store = createMemoryStore({persistence});
	const vault = openVault(home.secretKey, store.count('secret') === 0);
	const usage = new UsageBoard();
	const shared = {home, program, clock, log, events: () => orchestrator};
	const fleet = new LocalFleet({...shared, usage});
	const gateway = new GatewayLink({
		...shared,
		traffic: instances => usage.recordTraffic(instances),
		secret: (name, version) => secretText(store, vault, name, version),
	});
	const machine = machineCapacity();
	const random = Math.random;
	const orchestrator: Orchestrator = new Orchestrator({
		store,
		fleet,
		balancer: gateway,
		clock,
		random,
		machine,
		vault,
		usageOf: id => usage.get(id),
		...(virtualNet && {virtualNet}),
		volumePath: (name, id) => volumePath(home, name, id),
		isSyncedLater: true,
	});
	const parts: Parts = {
		home,
		daemon: {version, level: protocolLevel, pid: process.pid, startedAt: clock.now(), home: home.root},
		store,
		copyStore: file => persistence.copyTo?.(file),
		secretText: name => secretText(store, vault, name, store.byName('secret', name)?.version ?? 0),
		usage,
		lateness: new LoopLateness(clock),
		fleet,
		gateway,
		orchestrator,
		images: new ImageBoard(home, orchestrator, log),
		access: new RemoteAccess(home, () => clock.now(), log),
		metrics: new MetricsListener(home.metricsListen, () => metricsOf(parts), log),
		tenders: new Tenders({home, program, clock, log}),
		ready: Promise.withResolvers(),
		ending: Promise.withResolvers(),
	};
	return parts;
}

function secretText(store: Store, vault: Vault, name: string, version: number): string | undefined {
	const owner = store.byName('secret', name);
	const found = owner && store.get('file-version', fileVersionId(owner.id, version));
	try {
		return found?.sealed === undefined ? undefined : Buffer.from(vault.open(found.sealed, found.id)).toString('utf8');
	} catch (error) {
		log((error as Error).message);
		return undefined;
	}
}

function describe({home, daemon: {version, pid}}: Parts, program: Program): string {
	return JSON.stringify({...identify(pid), version, protocol: protocolVersion, socketPath: home.socket, program});
}

function letGo({fleet, gateway, tenders}: Parts): void {
	fleet.letGo();
	gateway.letGo();
	tenders.letGo();
}

/** The home was removed from under this daemon. */
function endOrphaned(parts: Parts): void {
	const {home, store, ending} = parts;
	letGo(parts);
	const names = [...store.all('node')].map(({name}) => name);
	killEverything(home, names);
	removeSecrets(home);
	ending.resolve(`${home.state} is gone`);
}

/** The home was removed from under this daemon, and another one has made it anew: its files and its socket are not touched. */
async function endReplaced(parts: Parts): Promise<never> {
	const {home, store} = parts;
	letGo(parts);
	log(`${home.state} belongs to another daemon`);
	await killOwn(home, new Set([...store.all('instance')].map(({id}) => id)));
	process.exit(0);
}

/** Its sockets are gone with their owners; one that an agent still serves keeps it. */
function removeEmpty(folder: string): void {
	try {
		rmdirSync(folder);
	} catch {
		// It was never made, or is in use.
	}
}
