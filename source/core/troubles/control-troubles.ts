import type {ComponentHealth} from '../backend.ts';
import type {Trouble, TroubleWorld} from './trouble.ts';

/** What helps a part of the control plane, by its name. */
const remedies: ReadonlyArray<readonly [name: RegExp, text: string]> = [
	[/^store$/, 'Nothing can be written: make room on its disk, and look at its permissions.'],
	[/^disk$/, 'Make room on the disk: logs and images of old take most.'],
	[/^gateway$/, 'Published ports may not answer: another program may hold one, see its log.'],
	[/^agent /, 'It is started again by itself; see its log.'],
	[/^etcd$/, 'Nothing can be kept: see its log, and its disk, on the machines of the control plane.'],
	[/^kube-apiserver$/, 'See its log on the machines of the control plane; once it answers, all goes on by itself.'],
	[
		/^(kube|cloud|cluster)-/,
		'See its log: its pod is in kube-system, or it runs on the machines of the control plane.',
	],
	[/^kubelet /, 'See its log on the machine of the node.'],
];

/** Parts of the control plane that do not work. An agent or kubelet whose node is down is a trouble of that node. */
export function brokenParts({components = [], nodes}: TroubleWorld): Trouble[] {
	const down = nodes.filter(({status}) => status.state !== 'ready');
	const lost = new Set(down.flatMap(({name}) => [`agent ${name}`, `kubelet ${name}`]));
	// What may not be seen is no trouble.
	const isBroken = ({name, state}: ComponentHealth) => (state === 'failed' || state === 'warning') && !lost.has(name);
	return components.filter(isBroken).map(brokenPart);
}

function brokenPart({name, state, message}: ComponentHealth): Trouble {
	return {
		id: `component ${name}`,
		severity: state === 'failed' ? 'critical' : 'minor',
		title: state === 'failed' ? `The ${name} has failed` : `The ${name} is not well`,
		count: 1,
		cause: message,
		remedy: {text: remedies.find(([known]) => known.test(name))?.[1] ?? 'muster daemon status and its log tell more.'},
	};
}
