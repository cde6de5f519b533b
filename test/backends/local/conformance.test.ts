import {localEngine, until} from '../../helpers/local-engine.ts';
import {describeBackend} from '../conformance.ts';

/** Real processes on a busy machine. */
const timeoutMs = 30_000;

function shell(script: string) {
	return {image: 'exec:/bin/sh', command: ['-c', script], stopGraceMs: 2000};
}

describeBackend('the local engine', {
	templates: {
		lasting: {image: 'exec:/bin/sleep', command: ['1000'], stopGraceMs: 2000},
		ending: shell('exit 0'),
		failing: shell('exit 3'),
	},
	timeoutMs,
	async open() {
		const engine = localEngine();
		const backend = await engine.open();
		await until(
			async () => (await backend.list({kind: 'node'})).items,
			nodes => nodes.length >= 3 && nodes.every(({status}) => status.state === 'ready'),
			timeoutMs,
		);
		return {
			backend,
			async until(what, condition) {
				await until(condition, Boolean, timeoutMs).catch(cause => {
					throw new Error(`after ${timeoutMs / 1000} seconds: ${what} has not come about`, {cause});
				});
			},
			end: () => engine.end(),
		};
	},
});
