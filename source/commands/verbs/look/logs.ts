import {integer, text, toggle} from '../../../actions/fields/fields.ts';
import type {LogLine, LogMissed, LogQuery} from '../../../core/backend.ts';
import {ClusterError, errorCodes} from '../../../core/error.ts';
import {stripControl} from '../../../core/text/text.ts';
import {instantOf, moment} from '../../arguments/moment.ts';
import {facet, type Reached, reach} from '../../arguments/reach.ts';
import {toJson} from '../../output/json.ts';
import {type Paint, paintFor} from '../../output/paint.ts';
import {type Call, defineVerb} from '../../verb.ts';

const fields = {
	follow: toggle('Go on with new lines', {short: 'f'}),
	since: moment('Only what came after: 10m (ago), or an RFC 3339 time'),
	tail: integer('Only the last so many lines of each instance', {min: 0}),
	container: text('Of instances with several containers only this one', 'NAME'),
	previous: toggle('Of what ran before the last restart', {short: 'p'}),
	timestamps: toggle('Begin each line with its time', {short: 't'}),
	noPrefix: toggle("Do not begin each line with the instance's name"),
};

export const logs = defineVerb({
	operands: [{name: 'SERVICE|INSTANCE', completes: 'service', many: true}],
	fields,
	details: 'Lines of several instances come in the order of their times. With -o json or ndjson each is an object.',
	examples: ['muster logs -f web', 'muster logs --since 10m --tail 20 web.3 api'],
	async run(call) {
		const {host, flags, shared, operands} = call;
		const {output} = shared;
		if (output !== undefined && output !== 'json' && output !== 'ndjson' && output !== 'table') {
			throw new ClusterError('usage', `-o ${output} is not possible here: json and ndjson are allowed`);
		}

		const backend = await call.backend();
		const read = facet(backend, backend.facets.logs, 'show logs').bind(backend.facets);
		const reached = await Promise.all(operands.map(word => reach(backend, word, {exact: false})));
		const missed = new Map<string, ClusterError>();
		const miss: LogMissed = (name, error) => {
			if (missed.get(name)?.message === error.message) return;
			missed.set(name, error);
			host.stderr.write(`muster logs: ${stripControl(`of ${name} nothing can be read: ${error.message}`)}\n`);
		};
		const streams = queriesOf(reached, call).map(query => read(query, host.interrupted, miss));
		const print = printerOf(call);
		if (flags.follow || streams.length === 1) {
			await Promise.all(
				streams.map(async stream => {
					for await (const line of stream) {
						print(line);
						await host.stdout.drained();
					}
				}),
			);
		} else {
			const lines = await Promise.all(streams.map(stream => Array.fromAsync(stream)));
			lines
				.flat()
				.toSorted((a, b) => a.at - b.at)
				.forEach(print);
		}

		const [failed] = missed.values();
		return host.interrupted.aborted ? 130 : failed === undefined ? 0 : errorCodes[failed.code].exit;
	},
});

/** One for each service, so that instances that come later join, and one for all that are named themselves. */
function queriesOf(reached: readonly Reached[], {host, flags}: Call<typeof fields>): LogQuery[] {
	const shared = {
		follow: flags.follow ?? false,
		...(flags.since === undefined ? {} : {sinceAt: instantOf(flags.since, host.now())}),
		...(flags.tail === undefined ? {} : {tail: flags.tail}),
		...(flags.container === undefined ? {} : {container: flags.container}),
		...(flags.previous ? {previous: true} : {}),
	};
	const ids = (ones: Reached['instances']) => ones.map(({id}) => id);
	const own = reached.filter(({service}) => service === undefined).flatMap(({instances}) => ids(instances));
	return [
		...reached.flatMap(({service, instances}) =>
			service === undefined ? [] : [{...shared, serviceId: service.id, instanceIds: ids(instances)}],
		),
		...(own.length === 0 ? [] : [{...shared, instanceIds: own}]),
	];
}

function printerOf({host, flags, shared}: Call<typeof fields>): (line: LogLine) => void {
	const {stdout} = host;
	if (shared.output === 'json' || shared.output === 'ndjson') {
		return ({at, instanceId, instanceName, stream, text}) => {
			const line = {at: new Date(at).toISOString(), instance: instanceName, instanceId, stream, text};
			stdout.write(`${toJson(line)}\n`);
		};
	}

	const prefix = prefixer(paintFor(host, shared.noColor));
	return line => {
		const name = flags.noPrefix ? '' : prefix(stripControl(line.instanceName));
		const time = flags.timestamps ? `${new Date(line.at).toISOString()} ` : '';
		stdout.write(`${name}${time}${stripControl(line.text, '\t')}\n`);
	};
}

/** `web.3 | `, lined up with the longest so far; each name in its own colour. */
function prefixer(paint: Paint): (name: string) => string {
	const indexes = new Map<string, number>();
	let width = 0;
	return name => {
		const index = indexes.get(name) ?? indexes.size;
		indexes.set(name, index);
		width = Math.max(width, name.length);
		return paint.nth(index, `${name.padEnd(width)} | `);
	};
}
