import {type FleetMember, memberState} from '../../../core/fleet.ts';
import {ClusterLook, lookAt} from '../../../live/fleet.ts';
import type {Host} from '../../host.ts';
import type {Listing} from '../../output/listings.ts';
import {formatOf, listFields, renderList} from '../../output/print.ts';
import {defineVerb} from '../../verb.ts';

function listingAt(now: number): Listing<FleetMember> {
	return {
		columns: () => [
			{title: 'CONTEXT', value: ({name}) => name},
			{title: 'ENGINE', value: ({figures}) => figures?.engine ?? '-'},
			{title: 'NODES', value: ({figures}) => (figures ? `${figures.nodesReady}/${figures.nodes}` : '-')},
			{title: 'SERVICES', value: ({figures}) => (figures ? String(figures.services) : '-')},
			{title: 'INSTANCES', value: ({figures}) => (figures ? String(figures.instancesUp) : '-')},
			{
				title: 'STATE',
				shrinkTo: 20,
				value: member => memberState(member, now).text,
				tone: member => memberState(member, now).tone,
			},
		],
		shape: ({name, figures, trouble}) => ({name, figures: figures ?? null, trouble: trouble ?? null}),
	};
}

/** One look at each of them, all at once. */
export const fleet = defineVerb({
	operands: [],
	fields: {noHeaders: listFields.noHeaders, format: listFields.format},
	details:
		'Every context that `muster context ls` names, each asked at the same time and for ten seconds at most: its nodes that are ready, and its services and instances in all namespaces. Nothing is started for it. Ends with 5 where none can be reached.',
	async run({host, flags, shared}) {
		const entries = await host.contexts.list();
		const members = await Promise.all(entries.map(async ({name}) => lookOnce(host, name)));
		const printing = {
			host,
			listing: listingAt(host.now()),
			context: '',
			format: formatOf(flags, shared),
			headers: !flags.noHeaders,
			noColor: shared.noColor,
		};
		host.stdout.write(await renderList(printing, members));
		return members.every(({figures}) => figures === undefined) ? 5 : 0;
	},
});

async function lookOnce(host: Host, name: string): Promise<FleetMember> {
	const look = new ClusterLook(async () => host.open(name, {autoStart: false, allNamespaces: true}), host);
	try {
		return await lookAt(look, {name}, host, host.interrupted);
	} finally {
		look.close();
	}
}
