import {duration, integer, many, text, toggle} from '../../../actions/fields/fields.ts';
import {ClusterError, toClusterError} from '../../../core/error.ts';
import type {TendRequest} from '../../../core/tend/request.ts';
import {type TendedContext, tendedLines} from '../../../core/tend/tended.ts';
import {stripControl} from '../../../core/text/text.ts';
import {formatOf, listFields} from '../../output/print.ts';
import {type Call, defineVerb} from '../../verb.ts';

const fields = {
	noHeaders: listFields.noHeaders,
	metric: many(
		text('A figure for --metric of `service autoscale`: what a command prints last, or an http URL', 'NAME=COMMAND'),
	),
	spread: toggle('Services are spread over nodes that have come or come back'),
	spreadMoves: integer('At most so many instances of one service at a time; default: 3', {min: 1, max: 1000}),
	spreadAfter: duration('Once the nodes have stayed as they are for so long; default: 1m'),
	bringHost: text('What is run when instances lack room; it prints the name of its node last', 'COMMAND'),
	takeHost: text('What is run when a host that was brought is empty; MUSTER_NODE names it', 'COMMAND'),
	mostHosts: integer('At most so many hosts are brought; default: 1', {min: 1, max: 1000}),
	hostAfter: duration('Instances lack room for so long before a host is brought; default: 30s'),
	hostIdle: duration('A host is empty for so long before it is taken away; default: 10m'),
	off: toggle('No longer'),
};

type Flags = Call<typeof fields>['flags'];

export const daemonTend = defineVerb({
	operands: [{name: 'CONTEXT', optional: true}],
	fields,
	writes: true,
	details:
		'Without CONTEXT: which are tended, and how that stands. A process of the daemon’s scales the services that have a policy, and\nfinishes what was begun (drains, spreads); of several only one acts. Its end leaves the cluster as it is. Commands run with\nMUSTER_JOIN_TOKEN and MUSTER_JOIN_ADDRESS in their environment, and MUSTER_REASON.',
	examples: [
		'muster daemon tend swarm:prod --spread',
		"muster daemon tend swarm:prod --metric queue='redis-cli llen jobs'",
		"muster daemon tend swarm:prod --bring-host ./new-host.sh --take-host './end-host.sh $MUSTER_NODE' --most-hosts 4",
		'muster daemon tend --off swarm:prod',
	],
	async run(call) {
		const {host, flags, shared, operands} = call;
		const [context] = operands;
		if (context === undefined) return list(call);
		if (shared.readOnly) throw new ClusterError('not-allowed', 'nothing is changed with --read-only');
		const name = await host.contexts.choose({context});
		if (flags.off) {
			if (shared.dryRun) return say(call, `${name} would not be tended any more.`);
			const ended = await host.daemon.untend(name);
			if (ended === undefined) {
				throw new ClusterError('not-found', `${name} is not tended`, {hint: 'muster daemon tend shows what is'});
			}

			if (ended.left !== undefined) await giveBack(call, name, ended.left);
			return say(call, `${name} is not tended any more. What runs there goes on.`);
		}

		const options = optionsOf(flags);
		const backend = await host.open(name, {autoStart: false});
		try {
			if (backend.facets.tend === undefined) {
				throw new ClusterError('unsupported', `${name} needs nobody: its engine does by itself what it can`);
			}
		} finally {
			backend.close();
		}

		if (shared.dryRun) return say(call, `${name} would be tended by the daemon.`);
		await host.daemon.tend(name, options);
		return say(call, `${name} is tended by the daemon. muster daemon tend shows how that stands.`);
	},
});

/** What a killed process was in charge of: nobody else would take its lease away. Where that cannot be, it runs out by itself. */
async function giveBack({host}: Call<typeof fields>, context: string, holder: string): Promise<void> {
	try {
		const backend = await host.open(context, {autoStart: false});
		try {
			const lease = backend.facets.tend?.lease;
			const seen = await lease?.read();
			if (seen?.holder === holder) await lease?.remove(seen);
		} finally {
			backend.close();
		}
	} catch (thrown) {
		const {message} = toClusterError(thrown);
		say(
			{host},
			`Its process was killed. That it is in charge still stands in ${context}, and holds for a minute: ${message}`,
		);
	}
}

function say({host}: Pick<Call, 'host'>, sentence: string): number {
	host.stderr.write(`${stripControl(sentence)}\n`);
	return 0;
}

function optionsOf(flags: Flags): TendRequest {
	const {spread, spreadMoves, spreadAfter, bringHost, takeHost, mostHosts, hostAfter, hostIdle} = flags;
	const needs = (flag: string, isGiven: boolean, other: string) => {
		if (isGiven) throw new ClusterError('usage', `${flag} is for ${other}, which is missing`);
	};
	if (!spread) {
		needs('--spread-moves', spreadMoves !== undefined, '--spread');
		needs('--spread-after', spreadAfter !== undefined, '--spread');
	}

	if (bringHost === undefined) {
		needs('--take-host', takeHost !== undefined, '--bring-host');
		needs('--most-hosts', mostHosts !== undefined, '--bring-host');
		needs('--host-after', hostAfter !== undefined, '--bring-host');
		needs('--host-idle', hostIdle !== undefined, '--bring-host');
	}

	return {
		metrics: Object.fromEntries((flags.metric ?? []).map(metricOf)),
		...(spread && {spread: {mostMoves: spreadMoves ?? 3, settleMs: spreadAfter ?? 60_000}}),
		...(bringHost !== undefined && {
			hosts: {
				bring: bringHost,
				...(takeHost !== undefined && {take: takeHost}),
				most: mostHosts ?? 1,
				waitMs: hostAfter ?? 30_000,
				idleMs: hostIdle ?? 600_000,
				joinMs: 300_000,
			},
		}),
	};
}

function metricOf(found: string): [string, string] {
	const [, name, source] = /^([\w.-]{1,64})=(.+)$/s.exec(found) ?? [];
	if (name === undefined || source === undefined) {
		throw new ClusterError('usage', `--metric ${JSON.stringify(found)} is not NAME=COMMAND or NAME=URL`);
	}

	return [name, source];
}

async function list({host, shared, flags}: Call<typeof fields>): Promise<number> {
	const format = formatOf({}, shared);
	const tended = await host.daemon.tended();
	if (format !== 'table' && format !== 'wide') {
		const {printValue} = await import('../../output/value.ts');
		host.stdout.write(await printValue(tended, format));
		return 0;
	}

	if (tended.length === 0) {
		host.stderr.write('No context is tended: muster daemon tend CONTEXT.\n');
		return 0;
	}

	for (const one of tended)
		host.stdout.write(
			`${lines(one, !flags.noHeaders)
				.map(line => stripControl(line))
				.join('\n')}\n`,
		);
	return 0;
}

function lines(tended: TendedContext, hasHead: boolean): string[] {
	const {context, does} = tended;
	return [...(hasHead ? [`${context}: ${does}`] : []), ...tendedLines(tended).map(line => `  ${line}`)];
}
