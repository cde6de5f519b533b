import type {Home} from '../backends/local/home.ts';
import type {DaemonControl} from '../commands/host.ts';
import {tendLeaseMs, tendRenewMs} from '../core/tend/lease.ts';
import type {TendOptions} from '../tender/options.ts';

/** The local daemon as the commands see it; what it takes is loaded when it is asked for. */
export function daemonControl(home: Home, version: string): DaemonControl {
	return {
		async status() {
			const {daemonStatus} = await import('../backends/local/client/daemon-control.ts');
			const status = await daemonStatus(home);
			return status.state === 'running'
				? {running: true, ...status.daemon, health: status.health}
				: {running: false, onPurpose: status.onPurpose};
		},
		async start() {
			const [{connectRunning}, {startDaemon}] = await Promise.all([
				import('../backends/local/client/connect.ts'),
				import('../backends/local/start-daemon.ts'),
			]);
			const running = await connectRunning(home);
			running?.client.close();
			return running === undefined && (await startDaemon(home, {byUser: true}));
		},
		async stop({all}) {
			const {stopDaemon} = await import('../backends/local/client/daemon-control.ts');
			try {
				return await stopDaemon(home, {all});
			} catch (error) {
				if (!all) {
					throw error;
				}

				return endByForce(home);
			}
		},
		async running() {
			const {runningVersion} = await import('../daemon/upgrade.ts');
			const found = runningVersion(home);
			return found && {version: found.version, isOther: found.version !== version};
		},
		async upgrade(options) {
			const [{upgradeDaemon}, {ownProgram}] = await Promise.all([
				import('../daemon/upgrade.ts'),
				import('../backends/local/start-daemon.ts'),
			]);
			return upgradeDaemon(home, {...options, version, program: ownProgram()});
		},
		async unit() {
			const [{unitText}, {ownProgram, roleCommand}] = await Promise.all([
				import('./user-unit.ts'),
				import('../backends/local/start-daemon.ts'),
			]);
			return unitText({command: roleCommand(ownProgram(), ['daemon']), musterHome: home.root, env: process.env});
		},
		async install() {
			const [{installUserUnit}, {ownProgram, roleCommand}] = await Promise.all([
				import('./user-unit.ts'),
				import('../backends/local/start-daemon.ts'),
			]);
			const {env, platform} = process;
			return installUserUnit({command: roleCommand(ownProgram(), ['daemon']), musterHome: home.root, env, platform});
		},
		async tend(context, request) {
			const {readTended, writeTended} = await import('../backends/local/tended.ts');
			const {prepareHome} = await import('../backends/local/home.ts');
			prepareHome(home);
			const options: TendOptions = {...request, ...paceOf(process.env)};
			writeTended(home, {...readTended(home), [context]: {options, env: reachedWith(process.env)}});
			await this.start();
		},
		async untend(context) {
			const {goneTender, readTended, removeTendedState, tendHolder, writeTended} = await import(
				'../backends/local/tended.ts'
			);
			const {[context]: found, ...others} = readTended(home);
			if (found === undefined) return undefined;
			const gone = goneTender(home, context);
			writeTended(home, others);
			if (gone !== undefined) removeTendedState(home, context);
			return {left: gone === undefined ? undefined : tendHolder(gone)};
		},
		async tended() {
			const {tendedContexts} = await import('./tended.ts');
			return tendedContexts(home);
		},
	};
}

const reaching =
	/^(DOCKER_(HOST|CONTEXT|CONFIG|CERT_PATH|TLS|TLS_VERIFY)|MUSTER_SWARM_(NODES|MANAGERS)|SSH_AUTH_SOCK|HOME|PATH)$/;

/** A daemon may have been started by somebody with another environment. */
function reachedWith(env: NodeJS.ProcessEnv): Record<string, string> {
	return Object.fromEntries(
		Object.entries(env).flatMap(([name, value]) => (value !== undefined && reaching.test(name) ? [[name, value]] : [])),
	);
}

/** Tests look more often. */
function paceOf({MUSTER_TEST_TEND_MS: paceMs}: NodeJS.ProcessEnv): Pick<TendOptions, 'lookMs' | 'leaseMs' | 'renewMs'> {
	const lookMs = Number(paceMs) || 2000;
	return paceMs === undefined
		? {lookMs, leaseMs: tendLeaseMs, renewMs: tendRenewMs}
		: {lookMs, leaseMs: 6 * lookMs, renewMs: 2 * lookMs};
}

/** The daemon hangs, or cannot be started: everything is ended all the same. */
async function endByForce(home: Home): Promise<true> {
	const [force, {realClock}] = await Promise.all([
		import('../daemon/processes/end-by-force.ts'),
		import('../daemon/clock.ts'),
	]);
	await force.endByForce(home, realClock);
	return true;
}
