import path from 'node:path';
import {duration, text} from '../../../actions/fields/fields.ts';
import {autoscaleService, policyFrom} from '../../../actions/service/autoscale-service.ts';
import {type AutoscaleSimulation, simulateAutoscale} from '../../../core/autoscale/autoscale-simulation.ts';
import {loadHeader, loadLine, readLoad} from '../../../core/autoscale/recorded-load.ts';
import {ClusterError, toClusterError} from '../../../core/error.ts';
import type {AutoscalePolicy, Service} from '../../../core/model/index.ts';
import {plural} from '../../../core/preview/places.ts';
import {stripControl} from '../../../core/text/text.ts';
import {formatDuration} from '../../../core/text/units.ts';
import {findOne} from '../../arguments/resolve.ts';
import {toJson} from '../../output/json.ts';
import {type Call, defineVerb} from '../../verb.ts';
import {actionVerb} from './action-verb.ts';

const applied = actionVerb(autoscaleService);
const mostShown = 30;
const recordEveryMs = 5000;

/** As the action has it; with --simulate nothing is changed. */
export const autoscaleServiceVerb = defineVerb({
	...applied,
	fields: {
		...applied.fields,
		simulate: text('Change nothing: what would this policy have done under the load that FILE holds', 'FILE'),
	},
	details:
		'The target that needs most instances counts. `muster explain` and the dashboard tell the last decision and why. With --min 0 the\ngateway holds the first request until an instance is there. A FILE for --simulate is what `muster service record` prints.',
	examples: [
		'muster service autoscale --max 10 --cpu 70% web',
		'muster service autoscale --min 0 --max 5 --requests 50 api',
		'muster service record --for 1h web > web.csv; muster service autoscale --simulate web.csv --max 20 --requests 40 web',
	],
	run: call => (call.flags.simulate === undefined ? applied.run(call) : simulate(call, String(call.flags.simulate))),
});

async function simulate(call: Call, file: string): Promise<number> {
	const {host, shared, operands, flags} = call;
	const service = await onlyService(call);
	const policy = policyFrom(flags as Parameters<typeof policyFrom>[0], service.spec);
	const samples = readLoad(await read(host, file));
	const outcome = simulateAutoscale(policy, samples, service.spec.replicas);
	if (operands.length === 1 && shared.output === 'json') {
		const times = outcome.changes.map(({at, ...change}) => ({at: new Date(at).toISOString(), ...change}));
		host.stdout.write(`${toJson({service: service.name, policy, ...outcome, changes: times}, '\t')}\n`);
	} else {
		host.stdout.write(
			`${textOf(service, policy, outcome)
				.map(line => stripControl(line))
				.join('\n')}\n`,
		);
	}

	return 0;
}

async function read(host: Call['host'], file: string): Promise<string> {
	try {
		return await host.readFile(path.resolve(host.cwd, file));
	} catch (error) {
		throw unreadable(file, error);
	}
}

function unreadable(file: string, cause: unknown): ClusterError {
	const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
	const why = isMissing ? 'there is no such file' : toClusterError(cause).message;
	return new ClusterError('usage', `--simulate: ${JSON.stringify(stripControl(file))} cannot be read: ${why}`, {cause});
}

async function onlyService({backend: open, operands}: Call): Promise<Service> {
	const [word, ...others] = operands;
	if (word === undefined || others.length > 0) {
		throw new ClusterError('usage', 'one SERVICE is wanted here');
	}

	const {items} = await (await open()).list({kind: 'service'});
	return findOne('service', items, word, {exact: false});
}

function textOf({name}: Service, {targets, min, max}: AutoscalePolicy, outcome: AutoscaleSimulation): string[] {
	const {changes, fewest, most, mean, ms, overloadedMs, flaps} = outcome;
	const shown = changes.slice(0, mostShown);
	const by = targets.map(({metric, value}) => `${metric} ${value}`).join(', ');
	return [
		`${name}, ${min} to ${max} by ${by} for each, under ${formatDuration(ms)} of load: nothing is changed`,
		`  ${plural(changes.length, 'change')}, ${flaps} of them taken back within a minute`,
		`  from ${fewest} to ${most} instances, ${Math.round(mean * 10) / 10} on the average`,
		`  more than its target for ${formatDuration(overloadedMs)} (${ms === 0 ? 0 : Math.round((overloadedMs / ms) * 1000) / 10} %)`,
		...shown.map(({at, from, to, reason}) => `  ${new Date(at).toISOString()}  ${from} → ${to}  ${reason}`),
		...(changes.length > shown.length ? [`  and ${changes.length - shown.length} more: -o json shows all`] : []),
	];
}

export const recordLoad = defineVerb({
	operands: [{name: 'SERVICE', completes: 'service'}],
	fields: {for: duration('So long; default: until it is interrupted')},
	details: `What all its instances bear together, a line each ${formatDuration(recordEveryMs)}, as CSV: for \`service autoscale --simulate\`.`,
	examples: ['muster service record --for 1h web > web.csv'],
	async run(call) {
		const {host, flags} = call;
		const backend = await call.backend();
		const {id} = await onlyService(call);
		const startedMs = host.monotonicMs();
		host.stdout.write(`${loadHeader}\n`);
		while (!host.interrupted.aborted) {
			const [{items: services}, {items: instances}] = await Promise.all([
				backend.list({kind: 'service', id}),
				backend.list({kind: 'instance', serviceId: id, usage: true}),
			]);
			const [service] = services;
			if (service === undefined) {
				throw new ClusterError('failed', 'the service was removed meanwhile');
			}

			host.stdout.write(`${loadLine(service, instances, host.now())}\n`);
			if (flags.for !== undefined && host.monotonicMs() - startedMs + recordEveryMs > flags.for) {
				return 0;
			}

			await pause(host);
		}

		return 130;
	},
});

/** Until the next sample, or until somebody has had enough. */
function pause(host: Call['host']): Promise<void> {
	const {promise, resolve} = Promise.withResolvers<void>();
	const cancel = host.after(recordEveryMs, resolve);
	host.interrupted.addEventListener('abort', () => resolve(), {once: true});
	return promise.finally(cancel);
}
