import type {ComponentHealth} from '../backend.ts';
import type {Trouble, TroubleWorld} from './trouble.ts';

/** What helps a part of the control plane, by its name. */
const remedies: ReadonlyArray<readonly [name: RegExp, text: string]> = [
	[/^store$/, 'Nothing can be written: make room on its disk, and look at its permissions.'],
	[/^disk$/, 'Make room on the disk: logs and images of old take most.'],
	[/^gateway$/, 'Published ports may not answer: another program may hold one, see its log.'],
	[/^agent /, 'It is started again by itself; see its log.'],
];

/** Parts of the control plane that do not work. An agent whose node is down is a trouble of that node. */
export function brokenParts({components = [], nodes}: TroubleWorld): Trouble[] {
	const lost = new Set(nodes.filter(({status}) => status.state !== 'ready').map(({name}) => `agent ${name}`));
	return components.filter(({name, state}) => state !== 'ok' && !lost.has(name)).map(brokenPart);
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
