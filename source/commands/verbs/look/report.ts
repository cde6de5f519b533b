import type {Backend} from '../../../core/backend.ts';
import {ClusterError, toClusterError} from '../../../core/error.ts';
import type {Kind} from '../../../core/model/index.ts';
import {type ReportObjects, reportText} from '../../../core/report/report.ts';
import {type Call, defineVerb} from '../../verb.ts';

const nothing: ReportObjects = {
	service: [],
	instance: [],
	node: [],
	network: [],
	volume: [],
	config: [],
	secret: [],
	pool: [],
};

export const report = defineVerb({
	operands: [],
	fields: {},
	details:
		'Versions, health, counts, and the last lines of muster’s own logs. Names, addresses, environment, commands and whatever looks like a\nsecret are taken out; read it all the same before you send it. Starts nothing.',
	examples: ['muster report > report.txt'],
	async run(call) {
		const {host} = call;
		if (host.report === undefined) {
			throw new ClusterError('unsupported', 'there are no files of muster’s here to report of');
		}

		const [facts, context, daemon] = await Promise.all([host.report(), call.context(), host.daemon.status()]);
		const engine = context.split(':')[0] ?? context;
		const answer = await ask(call as Call).catch((error: unknown) => ({unreachable: toClusterError(error).message}));
		host.stdout.write(
			reportText({
				facts,
				engine,
				...(daemon.running ? {daemon: daemon.version} : {}),
				health: [],
				objects: nothing,
				...answer,
			}),
		);
		return 0;
	},
});

async function ask({backend: open}: Call) {
	const backend = await open({autoStart: false});
	const [health, ...lists] = await Promise.all([
		backend.facets.health?.() ?? [],
		...(Object.keys(nothing) as Kind[]).map(async kind => [kind, await itemsOf(backend, kind)] as const),
	]);
	return {health, objects: Object.fromEntries(lists) as unknown as ReportObjects};
}

/** What an engine does not have, it has none of. */
async function itemsOf(backend: Backend, kind: Kind): Promise<readonly unknown[]> {
	try {
		return (await backend.list({kind})).items;
	} catch (error) {
		if (toClusterError(error).code === 'unsupported') {
			return [];
		}

		throw error;
	}
}
