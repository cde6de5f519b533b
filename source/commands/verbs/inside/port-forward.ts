import {text} from '../../../actions/fields/fields.ts';
import {parsePortPair} from '../../../actions/instance/forwarded-ports.ts';
import {ClusterError} from '../../../core/error.ts';
import type {Instance, Service} from '../../../core/model/index.ts';
import {stripControl} from '../../../core/text/text.ts';
import {openPortForward} from '../../../live/port-forward.ts';
import {facet, reach} from '../../arguments/reach.ts';
import {toJson} from '../../output/json.ts';
import {defineVerb} from '../../verb.ts';

const fields = {
	address: text('The address to listen on', 'ADDRESS', {fallback: '127.0.0.1'}),
};

export const portForward = defineVerb({
	operands: [
		{name: 'SERVICE|INSTANCE', completes: 'service'},
		{name: '[LOCAL:]PORT', many: true},
	],
	fields,
	details:
		'Until ctrl-c. `80` listens on the same port here, `8080:80` on another, `:80` on any that is free. Each connection goes to\n' +
		'an instance that runs at that time: a restart or update is no end. It ends (exit 3) when nothing is left to lead to.',
	examples: ['muster port-forward web 8080:80', 'muster port-forward web.3 :80 :9090'],
	async run(call) {
		const {host, flags, shared, operands} = call;
		const [word = '', ...rest] = operands;
		const ports = rest.map(parsePortPair);
		const {listen} = host;
		if (listen === undefined) {
			throw new ClusterError('unsupported', 'there are no ports to listen on here');
		}

		const backend = await call.backend();
		facet(backend, backend.facets.connect, 'lead ports to instances');
		const {service, instances} = await reach(backend, word, {exact: true});
		const to = targetOf(service, instances[0]);
		if (shared.dryRun) {
			for (const {local, remote} of ports) {
				const here = `${flags.address}:${local === 0 ? 'any free port' : local}`;
				host.stdout.write(`would lead ${here} to ${stripControl(to.instanceName ?? to.serviceName)} port ${remote}\n`);
			}

			return 0;
		}

		const forward = await openPortForward({
			backend,
			clock: host,
			listen,
			address: flags.address ?? '127.0.0.1',
			ports,
			to,
			tell: said => host.stderr.write(`${stripControl(said)}\n`),
		});
		try {
			const isData = shared.output === 'json' || shared.output === 'ndjson';
			for (const {local, remote} of forward.ports) {
				const name = to.instanceName ?? to.serviceName;
				host.stdout.write(
					isData
						? `${toJson({address: forward.address, local, remote, to: name})}\n`
						: `${forward.address}:${local} → ${stripControl(name)} port ${remote}\n`,
				);
			}

			const left = new Promise<undefined>(resolve => {
				host.interrupted.addEventListener('abort', () => resolve(undefined));
			});
			const failure = await Promise.race([forward.ended, left]);
			if (failure !== undefined) {
				throw failure;
			}

			return 130;
		} finally {
			forward.close();
		}
	},
});

function targetOf(service: Service | undefined, instance: Instance | undefined) {
	if (service !== undefined) {
		return {serviceId: service.id, serviceName: service.name};
	}

	const {serviceId = '', serviceName = '', name = ''} = instance ?? {};
	return {serviceId, serviceName, instanceName: name};
}
