import {ClusterError} from '../../core/error.ts';
import type {MembershipFacet} from '../../core/membership.ts';
import {defineAction, type Step} from '../action.ts';
import {choice, integer, many, text, toggle} from '../fields/fields.ts';
import {joinFields, lacksMembership, membershipIn, settingsFields, settingsOf} from './membership-fields.ts';

// Of a whole swarm, whichever engine the context leads to. Keys and tokens never stand in a step: those are recorded.

const ref = {kind: 'node', name: 'swarm'} as const;
const common = {
	on: 'node',
	creates: true,
	unavailable: (_: unknown, backend: Parameters<typeof lacksMembership>[0]) => lacksMembership(backend),
} as const;

function effect(todo: string, title: string, run: (membership: MembershipFacet) => Promise<unknown>): Step {
	return {type: 'effect', ref, todo, title, run: async backend => void (await run(membershipIn(backend)))};
}

export const roles = ['worker', 'manager'] as const;

export const initSwarm = defineAction({
	...common,
	id: 'swarm.init',
	title: 'Make this engine the first node of a new swarm',
	fields: {
		...joinFields,
		dataPathPort: integer('Port for the traffic of networks; default: 4789', {min: 1024, max: 49_151}),
		defaultAddrPool: many(text('Subnets, out of which networks get their addresses', 'CIDR')),
		defaultAddrPoolMaskLength: integer('How long the mask of such a subnet is; default: 24', {min: 1, max: 32}),
		...settingsFields,
		forceNewCluster: toggle('Of a swarm that lost its managers: go on with this one alone'),
	},
	confirm: (_, {forceNewCluster}) =>
		forceNewCluster
			? 'Make this engine the only manager of its swarm? Managers that come back do not belong to it any more.'
			: undefined,
	plan: (_, __, input) => [
		effect(
			'make this engine the first node of a new swarm',
			'made this engine the first node of a new swarm',
			async membership =>
				membership.init({
					...input,
					...settingsOf(input),
					addressPools: input.defaultAddrPool,
					addressPoolMask: input.defaultAddrPoolMaskLength,
				}),
		),
	],
});

export const updateSwarm = defineAction({
	...common,
	id: 'swarm.update',
	title: 'Change what holds for the whole swarm',
	fields: settingsFields,
	plan(_, __, input) {
		const settings = settingsOf(input);
		const given = Object.entries(settings).filter(([, value]) => value !== undefined);
		if (given.length === 0) throw new ClusterError('usage', 'nothing to change was given');
		const said = given.map(([name, value]) => `${name} ${value}`).join(', ');
		return [effect(`set ${said}`, `set ${said}`, async membership => membership.update(settings))];
	},
});

export const leaveSwarm = defineAction({
	...common,
	id: 'swarm.leave',
	title: 'This engine leaves its swarm',
	fields: {force: toggle('Also the last manager, or one that the others count on')},
	confirm: (_, {force}) =>
		force
			? 'Leave the swarm with the engine of this context, whatever becomes of it? With its last manager all of a swarm is lost.'
			: 'Leave the swarm with the engine of this context? What runs on it ends.',
	plan: (_, __, {force = false}) => [
		effect('leave the swarm with this engine', 'this engine left its swarm', async membership =>
			membership.leave(undefined, force),
		),
	],
});

export const joinToken = defineAction({
	...common,
	id: 'swarm.join-token',
	title: 'What lets an engine join',
	fields: {
		rotate: toggle('Make a new one first; the one before lets nobody in any more'),
		role: choice('As what', roles, {operand: 'one'}),
	},
	plan: (_, __, {role = 'worker', rotate}) =>
		rotate
			? [
					effect(`rotate the ${role}s' join token`, `rotated the ${role}s' join token`, async membership =>
						membership.rotateJoinToken(role),
					),
				]
			: [],
});

export const unlockKey = defineAction({
	...common,
	id: 'swarm.unlock-key',
	title: 'The key that a manager wants when it starts',
	fields: {rotate: toggle('Make a new one first: managers that are down want it, too')},
	plan: (_, __, {rotate}) =>
		rotate
			? [effect('rotate the unlock key', 'rotated the unlock key', async membership => membership.rotateUnlockKey())]
			: [],
});

/** The key comes by itself, beside the fields: it has no place in a command line. */
export const unlockSwarm = defineAction({
	...common,
	id: 'swarm.unlock',
	title: 'Unlock a manager',
	fields: {
		name: text('Its name, or the address of its engine; default: the one of this context', 'NODE', {operand: 'one'}),
	},
	plan(_, __, {name, ...more}) {
		const {key} = more as {readonly key?: string};
		const node = name === undefined ? undefined : ({kind: 'node', name} as const);
		const who = name ?? 'this manager';
		return [effect(`unlock ${who}`, `unlocked ${who}`, async membership => membership.unlock(key ?? '', node))];
	},
});

export const swarmCa = defineAction({
	...common,
	id: 'swarm.ca',
	title: 'The root certificate',
	fields: {rotate: toggle('Make a new one; every node gets a certificate from it')},
	confirm: (_, {rotate}) => (rotate ? 'Rotate the root certificate of the swarm?' : undefined),
	plan: (_, __, {rotate}) =>
		rotate
			? [
					effect('rotate the root certificate', 'rotated the root certificate', async membership =>
						membership.rotateCa(),
					),
				]
			: [],
});
