import {toClusterError} from '../core/error.ts';
import type {Instance, Node, Service} from '../core/model/index.ts';
import {decideHosts, type HostDecision, hostRetryMs, lacksRoom} from '../core/tend/hosts.ts';
import {stripControl} from '../core/text/text.ts';
import type {Outcome, TenderPorts} from './ports.ts';

const hookMs = 10 * 60_000;
/** A node that has left is down after so long at most. */
const goneMs = 120_000;
const againMs = 1000;
/** On nodes that a command has brought: only these are taken away. */
export const broughtLabel = 'muster.brought';
/** Its value on one that is drained because it was empty. */
const leaving = 'leaving';

/** Has hosts brought when instances lack room, and those that were brought taken away when they are empty: one step at a time. */
export class Hosting {
	readonly #ports: TenderPorts;
	/** Named by the command, and not in the cluster yet. */
	readonly #awaited = new Set<string>();
	readonly #emptySinceMs = new Map<string, number>();
	#shortSinceMs: number | undefined;
	#broughtAtMs: number | undefined;
	#isRunning = false;
	#failures = 0;
	#failed: {readonly why: string; readonly untilMs: number} | undefined;
	reason = 'nothing was looked at yet';
	brought: readonly string[] = [];

	constructor(ports: TenderPorts) {
		this.#ports = ports;
	}

	async look(services: readonly Service[], instances: readonly Instance[], nodes: readonly Node[]): Promise<void> {
		const {options, clock, log} = this.#ports;
		const policy = options.hosts;
		if (policy === undefined || this.#isRunning) return;
		const nowMs = clock.monotonicMs();
		await this.#mark(nodes);
		const labelled = nodes.filter(({spec}) => spec.labels[broughtLabel] !== undefined).map(({name}) => name);
		this.brought = [...new Set([...labelled, ...this.#awaited])];
		this.#shortSinceMs = instances.some(lacksRoom) ? (this.#shortSinceMs ?? nowMs) : undefined;
		this.#noteEmpty(services, instances, nodes, nowMs);
		const decision = decideHosts({
			policy,
			instances,
			nodes,
			brought: this.brought,
			leaving: nodes.filter(({spec}) => spec.labels[broughtLabel] === leaving).map(({name}) => name),
			shortSinceMs: this.#shortSinceMs,
			emptySinceMs: this.#emptySinceMs,
			broughtAtMs: this.#broughtAtMs,
			failed: this.#failed,
			nowMs,
		});
		this.reason = decision.reason;
		if (decision.type === 'none') return;
		this.#isRunning = true;
		// A command may take minutes: everything else goes on meanwhile.
		void this.#carryOut(decision)
			.then(() => {
				this.#failures = 0;
				this.#failed = undefined;
			})
			.catch((error: unknown) => {
				const why = stripControl((error as Error).message);
				this.#failures++;
				this.#failed = {why, untilMs: clock.monotonicMs() + hostRetryMs(this.#failures)};
				this.reason = why;
				log(`hosts: ${why}`);
			})
			.finally(() => {
				this.#isRunning = false;
			});
	}

	async #carryOut(decision: Exclude<HostDecision, {readonly type: 'none'}>): Promise<void> {
		const {backend, log} = this.#ports;
		if (decision.type === 'bring') return this.#bring(decision.reason);
		const {node, type, reason} = decision;
		if (type !== 'use') return this.#empty(node, type);
		log(`hosts: ${reason}; ${stripControl(node.name)} is used again`);
		const labels = {...node.spec.labels, [broughtLabel]: 'yes'};
		await backend.apply({kind: 'node', id: node.id, name: node.name}, {availability: 'active', labels}, {});
	}

	/** What belongs on every node does not keep one. */
	#noteEmpty(
		services: readonly Service[],
		instances: readonly Instance[],
		nodes: readonly Node[],
		nowMs: number,
	): void {
		const global = new Set(services.filter(({spec}) => spec.mode === 'global').map(({id}) => id));
		const used = new Set(instances.filter(({serviceId}) => !global.has(serviceId)).map(({nodeId}) => nodeId));
		for (const {id, name} of nodes) {
			if (used.has(id)) this.#emptySinceMs.delete(name);
			else if (!this.#emptySinceMs.has(name)) this.#emptySinceMs.set(name, nowMs);
		}
	}

	async #mark(nodes: readonly Node[]): Promise<void> {
		const {backend, log} = this.#ports;
		for (const {id, name, spec, status} of nodes) {
			if (!this.#awaited.has(name) || status.state !== 'ready') continue;
			await backend.apply({kind: 'node', id, name}, {labels: {...spec.labels, [broughtLabel]: 'yes'}}, {});
			this.#awaited.delete(name);
			log(`hosts: ${stripControl(name)} has joined`);
		}
	}

	async #bring(why: string): Promise<void> {
		const {backend, options, run, log, clock} = this.#ports;
		log(`hosts: ${why}; brings one`);
		this.#broughtAtMs = clock.monotonicMs();
		const words = (await backend.facets.tend?.joinWords()) ?? {};
		const outcome = await run(options.hosts?.bring ?? '', {...words, MUSTER_REASON: why}, hookMs);
		refuseFailure('brings a host', outcome);
		const name = outcome.output.trim().split('\n').at(-1)?.trim() ?? '';
		if (!/^[\w.-]{1,200}$/.test(name)) {
			throw new Error('the command that brings a host must print the name of its node in its last line');
		}

		this.#awaited.add(name);
		this.#broughtAtMs = clock.monotonicMs();
	}

	/** A node can be removed once it is known to be down. */
	async #remove(ref: {readonly kind: 'node'; readonly id: string; readonly name: string}): Promise<void> {
		const {backend, clock} = this.#ports;
		const deadlineMs = clock.monotonicMs() + goneMs;
		for (;;) {
			try {
				await backend.remove(ref, {});
				return;
			} catch (thrown) {
				const {code} = toClusterError(thrown);
				if (code === 'not-found') return;
				if (code !== 'conflict' || clock.monotonicMs() > deadlineMs) throw thrown;
			}

			await new Promise<void>(resolve => clock.after(againMs, resolve));
		}
	}

	async #empty(node: Node, step: 'drain' | 'take'): Promise<void> {
		const {backend, options, run, log} = this.#ports;
		const {take} = options.hosts ?? {};
		if (take === undefined) return;
		const ref = {kind: 'node', id: node.id, name: node.name} as const;
		if (step === 'drain') {
			log(`hosts: ${stripControl(node.name)} is empty, and nothing new comes to it`);
			const labels = {...node.spec.labels, [broughtLabel]: leaving};
			await backend.apply(ref, {availability: 'drained', labels}, {});
			return;
		}

		log(`hosts: takes ${stripControl(node.name)} away`);
		refuseFailure('takes a host away', await run(take, {MUSTER_NODE: node.name}, hookMs));
		this.#emptySinceMs.delete(node.name);
		await this.#remove(ref);
	}
}

function refuseFailure(what: string, {code, errors}: Outcome): void {
	if (code !== 0) throw new Error(`the command that ${what} ended with ${code}: ${errors.trim().slice(-300)}`);
}
