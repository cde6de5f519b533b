import {Agent, request} from 'node:http';
import {nowMs} from './home.ts';

export type Probe = {stop(): Promise<number[]>};

/** One open connection that asks, waits for the answer, pauses, and asks again; stopped, it gives each answer's time in ms. */
export function probe(socketPath: string, path: string, pauseMs = 10): Probe {
	const agent = new Agent({keepAlive: true, maxSockets: 1});
	const times: number[] = [];
	let going = true;
	const run = (async () => {
		while (going) {
			const startMs = nowMs();
			await get(agent, socketPath, path);
			times.push(nowMs() - startMs);
			await new Promise(resolve => setTimeout(resolve, pauseMs));
		}
	})();
	return {
		async stop() {
			going = false;
			await run;
			agent.destroy();
			return times;
		},
	};
}

export function quantile(values: readonly number[], share: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function get(agent: Agent, socketPath: string, path: string): Promise<void> {
	return new Promise((resolve, reject) => {
		const asked = request({agent, socketPath, path}, response => {
			response.resume().on('end', resolve).on('error', reject);
		});
		asked.on('error', reject).end();
	});
}
