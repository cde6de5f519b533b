import {execFileSync, spawnSync} from 'node:child_process';
import {command, nowMs} from '../local/home.ts';
import {type BenchRow, row} from '../result.ts';

const rounds = 5;
const warmUps = 1;

export type Env = Readonly<Record<string, string>>;

const pairs = [
	{what: 'ps -A', own: ['ps', '-A'], peer: ['get', 'pods', '-A'], atMost: 1},
	{what: 'node ls', own: ['node', 'ls'], peer: ['get', 'nodes'], atMost: 1.3},
] as const;

/** Beside kubectl in each round; a machine without kubectl says only how long muster takes. */
export function commands(env: Env, pods: number, {withLimits = true} = {}): BenchRow[] {
	const of = `, ${pods.toLocaleString('en')} pods`;
	const times = {floor: [] as number[], own: pairs.map((): number[] => []), peer: pairs.map((): number[] => [])};
	for (let round = -warmUps; round < rounds; round++) {
		const floor = timed(process.execPath, ['-e', '0'], env);
		const both = pairs.map(({own, peer}) => [
			timed(command, own, env),
			kubectl ? timed('kubectl', peer, env) : undefined,
		]);
		if (round < 0) continue;
		times.floor.push(floor);
		for (const [index, [own = Number.NaN, peer]] of both.entries()) {
			times.own[index]?.push(own);
			if (peer !== undefined) times.peer[index]?.push(peer);
		}
	}

	return [
		row(`floor: node -e 0${of}`, times.floor),
		...pairs.flatMap(({what, peer, atMost}, index) => {
			const [own = [], other = []] = [times.own[index], times.peer[index]];
			const ratio = own.map((ms, round) => ms / (other[round] ?? Number.NaN));
			const limit = withLimits ? {limit: {atMost}} : {};
			return [
				row(`muster ${what}${of}`, own),
				...(other.length === 0
					? []
					: [
							row(`kubectl ${peer.join(' ')}${of}`, other),
							row(`muster ${what} over kubectl${of}`, ratio, {unit: 'times', ...limit}),
						]),
			];
		}),
	];
}

const kubectl = spawnSync('kubectl', ['version', '--client'], {stdio: 'ignore'}).status === 0;

function timed(file: string, args: readonly string[], env: Env): number {
	const startedMs = nowMs();
	execFileSync(file, args, {env: {...process.env, ...env}, stdio: ['ignore', 'ignore', 'inherit']});
	return nowMs() - startedMs;
}
