import {toClusterError} from '../../../core/error.ts';
import {stripControl} from '../../../core/text/text.ts';
import type {NodeVolume, RawNode, RawVolume} from '../api-types.ts';
import {inTime} from '../connection/in-time.ts';
import type {NodeAccess} from '../tasks/node-access.ts';
import {toNodeName} from '../translate/translate-task.ts';

/** A node that does not answer within this is left out: the others are not to wait for it. */
const answerMs = 2500;
/** One that could not be asked is asked again after this. */
const retryMs = 30_000;

type Failure = {readonly why: string; readonly hint: string | undefined; readonly until: number};

/**
 * The volumes of all nodes: Swarm knows none, each lies on a node, and only the engine there tells of it. What a node told last
 * holds as long as it belongs to the swarm, though it cannot be asked any more.
 */
export class NodeVolumes {
	readonly #access: Pick<NodeAccess, 'connectionOf'>;
	readonly #known = new Map<string, readonly RawVolume[]>();
	readonly #failures = new Map<string, Failure>();
	#gaps: readonly string[] = [];

	constructor(access: Pick<NodeAccess, 'connectionOf'>) {
		this.#access = access;
	}

	/** Which nodes could not be asked last, and why. */
	get gaps(): readonly string[] {
		return this.#gaps;
	}

	async read(nodes: readonly RawNode[]): Promise<readonly NodeVolume[]> {
		await Promise.all(nodes.map(node => this.#ask(node)));
		const ids = new Set(nodes.map(({ID}) => ID));
		for (const map of [this.#known, this.#failures]) for (const id of map.keys()) if (!ids.has(id)) map.delete(id);
		this.#gaps = this.#tellGaps(nodes);
		const names = Map.groupBy(nodes, toNodeName);
		return nodes.flatMap(node => {
			const name = toNodeName(node);
			const nodeName = names.get(name)?.length === 1 ? name : node.ID;
			return (this.#known.get(node.ID) ?? []).map(raw => ({raw, nodeId: node.ID, nodeName}));
		});
	}

	async #ask(node: RawNode): Promise<void> {
		const now = performance.now();
		const fail = (why: string, hint: string | undefined, retryAfterMs: number) =>
			this.#failures.set(node.ID, {why, hint, until: now + retryAfterMs});
		if (node.Status.State !== 'ready') {
			fail(`it is ${node.Status.State}`, undefined, 0);
			return;
		}

		if ((this.#failures.get(node.ID)?.until ?? 0) > now) return;
		try {
			this.#known.set(node.ID, await inTime(this.#list(node), answerMs));
			this.#failures.delete(node.ID);
		} catch (thrown) {
			const {code, message, hint} = toClusterError(thrown);
			fail(code === 'unsupported' ? 'the way to its engine is not known' : message.replace(/\.$/, ''), hint, retryMs);
		}
	}

	async #list(node: RawNode): Promise<readonly RawVolume[]> {
		const {read, version} = await this.#access.connectionOf(node);
		const {Volumes} = await read.get<{readonly Volumes?: readonly RawVolume[] | null}>(`/${version}/volumes`);
		return Volumes ?? [];
	}

	/** Equal reasons once: a setting that is missing is missing for all. */
	#tellGaps(nodes: readonly RawNode[]): readonly string[] {
		const failed = nodes.flatMap(node => {
			const failure = this.#failures.get(node.ID);
			const name = stripControl(toNodeName(node));
			return failure === undefined ? [] : [{name, ...failure}];
		});
		return [...Map.groupBy(failed, ({why}) => why)].map(([why, group]) => {
			const hint = group[0]?.hint;
			return `${group.map(({name}) => name).join(', ')}: ${why}.${hint === undefined ? '' : ` ${hint}`}`;
		});
	}
}
