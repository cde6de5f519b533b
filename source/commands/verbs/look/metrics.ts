import {text, toggle} from '../../../actions/fields/fields.ts';
import {ClusterError} from '../../../core/error.ts';
import {addressText, readAddress} from '../../arguments/address.ts';
import {facet} from '../../arguments/reach.ts';
import {refuseReadOnly} from '../../running/read-only.ts';
import {defineVerb} from '../../verb.ts';

export const metrics = defineVerb({
	operands: [],
	fields: {
		listen: text('Give them at /metrics by plain HTTP, from now on', 'http://127.0.0.1:PORT'),
		off: toggle('Give them there no more'),
	},
	details:
		'Requests, errors and latency of services and instances, instances by state, nodes, store and daemon, in the text format of\nPrometheus. By TCP with a viewer’s certificate (`muster daemon listen`) they are at /metrics, too.',
	examples: ['muster metrics', 'muster metrics --listen http://127.0.0.1:9464'],
	async run(call) {
		const {host, flags, shared} = call;
		if (flags.off && flags.listen !== undefined) {
			throw new ClusterError('usage', '--off and --listen do not go together');
		}

		const where = flags.listen === undefined ? undefined : readAddress(flags.listen, 'http', '--listen: ');
		const backend = await call.backend();
		const found = facet(backend, backend.facets.metrics, 'tell its figures: it has its own way for that');
		if (where === undefined && !flags.off) {
			host.stdout.write((await found.read()).text);
			return 0;
		}

		refuseReadOnly(call);
		if (shared.dryRun) {
			const what = where ? `would be given at ${flags.listen}/metrics` : 'would be given nowhere by plain HTTP';
			host.stderr.write(`Figures ${what}.\n`);
			return 0;
		}

		const listening = await found.listen(where);
		host.stdout.write(listening ? `${addressText(listening, 'http')}/metrics\n` : 'nowhere\n');
		return 0;
	},
});
