import type {Action, World} from '../../../actions/action.ts';
import {toggle} from '../../../actions/fields/fields.ts';
import {membershipIn} from '../../../actions/swarm/membership-fields.ts';
import {
	initSwarm,
	joinToken,
	leaveSwarm,
	swarmCa,
	unlockKey,
	unlockSwarm,
	updateSwarm,
} from '../../../actions/swarm/swarm.ts';
import {ClusterError} from '../../../core/error.ts';
import type {SwarmFacts} from '../../../core/membership.ts';
import type {NodeRole} from '../../../core/model/index.ts';
import {stripControl} from '../../../core/text/text.ts';
import {formatDuration} from '../../../core/text/units.ts';
import {parseValue} from '../../arguments/parse.ts';
import {readContent} from '../../files/content.ts';
import {toJson} from '../../output/json.ts';
import {runErrands} from '../../running/run-action.ts';
import {type Call, defineVerb} from '../../verb.ts';

// An engine that is no swarm's, or is locked, tells nothing of its objects: none of these reads them.

/** Carries it out; answers whether it was: false where only a plan was to be shown. */
async function carryOut(call: Call, action: Action, input: Readonly<Record<string, unknown>>): Promise<boolean> {
	const world: World = {now: call.host.now(), services: [], instances: [], nodes: [], images: []};
	await runErrands(call, world, [{action, target: undefined, input}], {namesDone: false});
	return !call.shared.dryRun;
}

function say({host}: Pick<Call, 'host'>, ...sentences: readonly string[]): number {
	for (const sentence of sentences) host.stderr.write(`${stripControl(sentence)}\n`);
	return 0;
}

/** By what was said of --autolock. */
const updated: Readonly<Record<string, string>> = {
	true: 'Managers are locked when they start: keep what muster swarm unlock-key shows.',
	false: 'Managers are not locked when they start.',
};

const quiet = {quiet: toggle('Print nothing but it', {short: 'q'})};

export const swarmInit = defineVerb({
	writes: true,
	operands: [],
	fields: initSwarm.fields,
	examples: ['muster swarm init -c swarm:default', 'muster swarm init --advertise-addr 10.0.0.5 --autolock'],
	async run(call) {
		if (!(await carryOut(call, initSwarm, call.flags))) return 0;
		return say(
			call,
			'This engine is the first node of a swarm, and its manager.',
			'muster node add ssh://USER@HOST takes in another; muster swarm join-token worker shows what to run on one.',
			...(call.flags.autolock ? ['It is locked when it starts again: keep what muster swarm unlock-key shows.'] : []),
		);
	},
});

export const swarmUpdate = defineVerb({
	writes: true,
	operands: [],
	fields: updateSwarm.fields,
	examples: ['muster swarm update --autolock', 'muster swarm update --task-history-limit 2'],
	async run(call) {
		if (!(await carryOut(call, updateSwarm, call.flags))) return 0;
		return say(
			call,
			updated[String(call.flags.autolock)] ?? 'The swarm is changed: muster swarm inspect shows how it is now.',
		);
	},
});

export const swarmLeave = defineVerb({
	writes: true,
	operands: [],
	fields: leaveSwarm.fields,
	details: 'Another node is taken out by `muster node leave NODE`.',
	async run(call) {
		return (await carryOut(call, leaveSwarm, call.flags))
			? say(call, 'This engine is no node of a swarm any more.')
			: 0;
	},
});

export const swarmJoinToken = defineVerb({
	writes: true,
	operands: [{name: 'worker|manager'}],
	fields: {rotate: joinToken.fields.rotate, ...quiet},
	examples: ['muster swarm join-token worker', 'muster swarm join-token --rotate -q manager'],
	async run(call) {
		const {host, flags, shared, operands} = call;
		const role = parseValue('ROLE', joinToken.fields.role, operands[0] ?? '') as NodeRole;
		if (flags.rotate && !(await carryOut(call, joinToken, {role, rotate: true}))) return 0;
		const membership = membershipIn(await call.backend());
		const token = await membership.joinToken(role);
		const {managers} = await membership.facts();
		if (shared.output === 'json' || shared.output === 'ndjson') {
			host.stdout.write(`${toJson({role, token, managers}, shared.output === 'json' ? '  ' : undefined)}\n`);
		} else if (flags.quiet) {
			host.stdout.write(`${stripControl(token)}\n`);
		} else {
			say(call, `On the host that is to be a ${role}, or through its engine: muster node add ADDRESS`);
			host.stdout.write(`docker swarm join --token ${stripControl(token)} ${stripControl(managers[0] ?? '')}\n`);
		}

		return 0;
	},
});

export const swarmUnlockKey = defineVerb({
	writes: true,
	operands: [],
	fields: {...unlockKey.fields, ...quiet},
	async run(call) {
		const {host, flags, shared} = call;
		if (flags.rotate && !(await carryOut(call, unlockKey, {rotate: true}))) return 0;
		const key = await membershipIn(await call.backend()).unlockKey();
		if (key === undefined) {
			throw new ClusterError('conflict', 'The managers of this swarm are not locked: there is no key.', {
				hint: 'muster swarm update --autolock locks them when they start.',
			});
		}

		if (!flags.quiet)
			say(call, 'muster swarm unlock asks for it where a manager was started again. Keep it elsewhere.');
		const isJson = shared.output === 'json' || shared.output === 'ndjson';
		host.stdout.write(`${isJson ? toJson({unlockKey: key}) : stripControl(key)}\n`);
		return 0;
	},
});

export const swarmUnlock = defineVerb({
	writes: true,
	operands: [{name: 'NODE', completes: 'node', optional: true}],
	fields: {},
	details: 'The key is asked for, or read from standard input. Without NODE it is for the engine of this context.',
	async run(call) {
		const {host, operands, shared} = call;
		const [name] = operands;
		const key = shared.dryRun ? '' : await readKey(call);
		if (await carryOut(call, unlockSwarm, {...(name !== undefined && {name}), key})) {
			host.stderr.write(`${stripControl(name ?? 'This manager')} takes part again.\n`);
		}

		return 0;
	},
});

async function readKey(call: Call): Promise<string> {
	const {host} = call;
	const typed = host.stdin.isTTY
		? await host.ask('Unlock key: ', {isHidden: true})
		: (await readContent(call, {file: ['-']})).content;
	const key = String(typed).trim();
	if (key === '') throw new ClusterError('usage', 'no key was given');
	return key;
}

export const swarmCaVerb = defineVerb({
	writes: true,
	operands: [],
	fields: swarmCa.fields,
	async run(call) {
		const {host, flags, shared} = call;
		if (flags.rotate) {
			return (await carryOut(call, swarmCa, {rotate: true}))
				? say(call, 'The nodes get new certificates one after the other; muster swarm inspect tells when that is done.')
				: 0;
		}

		const {caCertificate, rotatingCa} = await membershipIn(await call.backend()).facts();
		if (shared.output === 'json') {
			host.stdout.write(`${toJson({caCertificate, rotatingCa, ...validity(caCertificate)}, '  ')}\n`);
			return 0;
		}

		const {validTo, subject} = validity(caCertificate);
		say(call, `${subject}, valid until ${validTo}${rotatingCa ? '; another one is on its way to the nodes' : ''}`);
		host.stdout.write(
			caCertificate
				.trim()
				.split('\n')
				.map(line => `${stripControl(line)}\n`)
				.join(''),
		);
		return 0;
	},
});

function validity(pem: string): {readonly subject: string; readonly validFrom: string; readonly validTo: string} {
	const {X509Certificate} = process.getBuiltinModule('node:crypto');
	const {subject, validFromDate, validToDate} = new X509Certificate(pem);
	return {subject, validFrom: validFromDate.toISOString(), validTo: validToDate.toISOString()};
}

export const swarmInspect = defineVerb({
	operands: [],
	fields: {},
	details: 'Join tokens and unlock key are told by verbs of their own only.',
	async run({host, shared, backend: open}) {
		const facts = shapeOf(await membershipIn(await open()).facts());
		if (shared.output === 'json') {
			host.stdout.write(`${toJson(facts, '  ')}\n`);
		} else {
			const {toYaml} = await import('../../output/yaml.ts');
			host.stdout.write(toYaml(facts));
		}

		return 0;
	},
});

function shapeOf({id, createdAt, settings, managers, rotatingCa, caCertificate}: SwarmFacts) {
	const {autolock, taskHistoryLimit, certExpiryMs, heartbeatMs, snapshotInterval, maxSnapshots} = settings;
	return {
		id,
		createdAt: new Date(createdAt).toISOString(),
		managers,
		autolock,
		taskHistoryLimit,
		certExpiry: formatDuration(certExpiryMs),
		dispatcherHeartbeat: formatDuration(heartbeatMs),
		snapshotInterval,
		maxSnapshots,
		caValidUntil: validity(caCertificate).validTo,
		rotatingCa,
	};
}
