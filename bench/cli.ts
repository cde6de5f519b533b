import {spawnSync} from 'node:child_process';
import {command, nowMs, openHome} from './local/home.ts';
import {type BenchResult, row} from './result.ts';

const rounds = 31;
const warmUps = 3;

/**
 * What a command costs before and after its work: by the installed command, launcher included, beside a bare `node -e 0` of
 * the same Node in each round. `ps` asks a running daemon that has ten instances.
 */
export async function bench(): Promise<BenchResult> {
	const home = openHome();
	const env = {...process.env, MUSTER_HOME: home.folder};
	const run = (program: string, args: readonly string[]): number => {
		const startedMs = nowMs();
		const {status, stderr} = spawnSync(program, args, {env, encoding: 'utf8'});
		if (status !== 0) {
			throw new Error(`${program} ${args.join(' ')} ended with ${status}: ${stderr}`);
		}

		return nowMs() - startedMs;
	};
	const muster = (...args: string[]) => run(command, args);
	const figures = {floor: [] as number[], version: [] as number[], help: [] as number[], ps: [] as number[]};
	try {
		await home.run('service', 'create', '--replicas=10', 'worker');
		for (let round = -warmUps; round < rounds; round++) {
			const measured = {
				floor: run(process.execPath, ['-e', '0']),
				version: muster('--version'),
				help: muster('--help'),
				ps: muster('ps'),
			};
			if (round >= 0) {
				for (const [name, ms] of Object.entries(measured)) {
					figures[name as keyof typeof figures].push(ms);
				}
			}
		}
	} finally {
		await home.end();
	}

	const ratios = (ms: readonly number[]) => ms.map((one, index) => one / (figures.floor[index] ?? Number.NaN));
	return {
		name: 'cli',
		unit: 'ms',
		rows: [
			row('floor: node -e 0', figures.floor),
			row('muster --version', figures.version),
			row('muster --help', figures.help),
			row('muster ps', figures.ps),
			row('--version over the floor', ratios(figures.version), {unit: 'times'}),
			row('--help over the floor', ratios(figures.help), {unit: 'times', limit: {atMost: 1.6}}),
			row('ps over the floor', ratios(figures.ps), {unit: 'times', limit: {atMost: 2}}),
		],
		note: `${rounds} rounds in turn, Node ${process.version} in all, compile cache warm.`,
	};
}
