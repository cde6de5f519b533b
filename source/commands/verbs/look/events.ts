import {integer, toggle} from '../../../actions/fields/fields.ts';
import {ClusterError} from '../../../core/error.ts';
import type {ClusterEvent} from '../../../core/model/index.ts';
import {instantOf, moment} from '../../arguments/moment.ts';
import {eventListing} from '../../output/listings.ts';
import {formatOf, listFields, type Printing, renderList} from '../../output/print.ts';
import {type Call, defineVerb} from '../../verb.ts';
import {follow} from '../../watching/follow.ts';
import {createOutage} from '../../watching/outage.ts';

const fields = {
	...listFields,
	follow: toggle('Go on with what happens', {short: 'f'}),
	since: moment('Only what came after: 10m (ago), or an RFC 3339 time'),
	tail: integer('Only the last so many', {min: 0}),
};

export const events = defineVerb({
	operands: [{name: 'NAME', optional: true, many: true}],
	fields,
	details: 'Of everything, or of the services, instances and nodes that are named.',
	async run(call) {
		const {host, flags, shared} = call;
		const format = formatOf(flags, shared);
		if (flags.follow && (format === 'json' || format === 'yaml')) {
			throw new ClusterError('usage', `--follow does not go with -o ${format}: use -o ndjson`);
		}

		const backend = await call.backend();
		const context = backend.name;
		const printing = {host, listing: eventListing, context, format, headers: !flags.noHeaders, noColor: shared.noColor};
		if (flags.follow) {
			await followEvents(call, printing);
			return host.interrupted.aborted ? 130 : 0;
		}

		const {items} = await backend.list({kind: 'event'});
		host.stdout.write(await renderList(printing, wanted(call, items)));
		return 0;
	},
});

function wanted({flags, host, operands}: Call<typeof fields>, items: readonly ClusterEvent[]): readonly ClusterEvent[] {
	const since = flags.since === undefined ? Number.NEGATIVE_INFINITY : instantOf(flags.since, host.now());
	const found = items
		.filter(({createdAt, about}) => createdAt >= since && (operands.length === 0 || operands.some(isAbout(about))))
		.toSorted((a, b) => a.createdAt - b.createdAt);
	return flags.tail === undefined ? found : found.slice(Math.max(0, found.length - flags.tail));
}

/** `web` is also what happened to web.3. */
function isAbout({id, name}: ClusterEvent['about']): (word: string) => boolean {
	return word => name === word || id === word || name.startsWith(`${word}.`);
}

/** A table whose rows come one by one: each is as wide as it is. */
async function followEvents(call: Call<typeof fields>, printing: Printing<ClusterEvent>): Promise<void> {
	const {host, flags} = call;
	const backend = await call.backend();
	let isFirst = true;
	const outage = createOutage(host, {isDrawn: false});
	for await (const {changes} of follow(backend, {kind: 'event'}, {signal: host.interrupted, clock: host, ...outage})) {
		outage.begun();
		const added = changes.flatMap(change => (change.type === 'put' ? [change.object] : []));
		const shown = wanted(isFirst ? call : {...call, flags: {...flags, tail: undefined}}, added);
		if (shown.length > 0 || isFirst) {
			host.stdout.write(await renderList({...printing, headers: isFirst && printing.headers}, shown));
		}

		isFirst = false;
	}
}
