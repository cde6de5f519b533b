import type {Instance} from '../model/index.ts';
import {type Fault, faultOf} from './instance-fault.ts';
import {compareText, counted, listed, refOf, type Trouble, type TroubleWorld} from './trouble.ts';

type Alone = {readonly instance: Instance; readonly fault: Fault; readonly reason: string};

/** What one of them does, what several do, and where its cause is seen best. */
const words: {readonly [F in Fault]: readonly [one: string, several: string, to: 'describe' | 'logs']} = {
	pending: ['waits for a node', 'wait for a node', 'describe'],
	looping: ['crashes again and again', 'crash again and again', 'logs'],
	failed: ['has failed', 'have failed', 'logs'],
	rejected: ['cannot be started', 'cannot be started', 'describe'],
	unhealthy: ['is unhealthy', 'are unhealthy', 'logs'],
	slow: ['is slow to come up', 'are slow to come up', 'describe'],
};

/** Instances of no service that is known, such as a pod by itself or that of an operator: those with the same reason are one trouble. */
export function aloneInstances({services, instances, now}: TroubleWorld): Trouble[] {
	const known = new Set(services.map(({id}) => id));
	const found = instances.flatMap((instance): Alone[] => {
		const fault = known.has(instance.serviceId) ? undefined : faultOf(instance, now);
		const {reason, healthMessage} = instance.status;
		return fault === undefined ? [] : [{instance, fault, reason: reason ?? healthMessage ?? instance.status.state}];
	});
	return [...Map.groupBy(found, ({fault, reason}) => `${fault} ${reason}`).values()].map(ofGroup);
}

function ofGroup(group: readonly Alone[]): Trouble {
	const byName = group.toSorted((a, b) => compareText(a.instance.name, b.instance.name));
	const [{instance, fault, reason}] = byName as [Alone, ...Alone[]];
	const [one, several, to] = words[fault];
	const names = byName.map(({instance: {name}}) => name);
	return {
		id: `alone ${fault} ${instance.id}`,
		// What has ended is past: nobody starts it again.
		severity: fault === 'failed' || fault === 'slow' ? 'minor' : 'serious',
		title: names.length === 1 ? `${names[0]} ${one}` : `${counted(names.length, 'instance')} of no service ${several}`,
		about: refOf(instance),
		count: names.length,
		cause: names.length === 1 ? reason : `${listed(names)}: ${reason}`,
		remedy: {
			text:
				to === 'logs' ? `The logs of ${instance.name} tell more.` : `The description of ${instance.name} tells more.`,
		},
		jump: {to, about: refOf(instance)},
	};
}
