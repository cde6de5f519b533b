import {toClusterError} from '../../../core/error.ts';
import {stripControl} from '../../../core/text/text.ts';
import {printValue} from '../../output/value.ts';
import {defineVerb} from '../../verb.ts';

export const version = defineVerb({
	operands: [],
	fields: {},
	async run({host, shared}) {
		const state = await host.daemon.status().catch((error: unknown) => toClusterError(error));
		const daemon = 'running' in state && state.running ? state.version : null;
		if (shared.output === undefined || shared.output === 'table') {
			const text = daemon ?? ('running' in state ? 'does not run' : state.message);
			host.stdout.write(`muster ${host.version}\ndaemon ${stripControl(text)}\n`);
		} else {
			host.stdout.write(await printValue({client: host.version, daemon}, shared.output));
		}

		return 0;
	},
});
