import type {Facets} from '../../source/core/backend.ts';
import type {Random} from '../../source/core/model/id.ts';
import type {Instance, Kind, Objects} from '../../source/core/model/index.ts';
import {serviceSpec} from '../../source/core/spec/service-spec.ts';
import {aNode, anEvent, anInstance, aService} from '../helpers/objects.ts';
import {createScriptedCluster, type ScriptedCluster} from '../helpers/scripted-cluster.ts';

/** What a cluster may call its things, and say of them. */
const odd = [
	'web',
	'a-name-that-is-longer-than-any-column-that-it-might-be-shown-in-and-goes-on-and-on',
	'日本語のサービス',
	'한국어서비스',
	'e\u0301te\u0301-combining',
	'👩‍👩‍👧‍👦-family',
	'🇩🇪🇯🇵🏳️‍🌈',
	'\x1b[31mred\x1b[0m\x1b[2J',
	'\x1b]0;title\x07bell\x07',
	'\x9b31mC1\x9d52;c;AAAA\x9c',
	'back\b\b\bspace\r\nline\ttab\u2028sep',
	'\u202eevil\u202c \u200bzero\ufeff',
	'\ud800lone\udfff',
	'zalgo\u0336\u0315\u0300\u0301\u0302\u0303\u0304',
	'ｆｕｌｌｗｉｄｔｈ',
	'',
	' ',
	'$(reboot)`id`',
	'नमस्ते',
	'สวัสดี',
	'❤️✈️☺︎',
];

export function pick<T>(random: Random, items: readonly T[]): T {
	return items[Math.floor(random() * items.length)] as T;
}

const count = (random: Random, most: number) => Math.floor(random() * (most + 1));

/** A cluster of anything, with names and words that mean harm. */
export function hostileCluster(random: Random, facets: Partial<Facets>): ScriptedCluster {
	const cluster = createScriptedCluster(hostileObjects(random), facets);
	return cluster;
}

export function hostileObjects(random: Random): ReadonlyArray<Objects[Kind]> {
	const nodes = Array.from({length: count(random, 5)}, (_, index) =>
		aNode(`${pick(random, odd)}n${index}`, {
			createdAt: 1_000_000 * index,
			status: {
				state: pick(random, ['ready', 'down', 'unknown']),
				at: 0,
				fencing: random() < 0.2,
				message: pick(random, odd),
			},
			availability: pick(random, ['active', 'cordoned', 'draining', 'drained']),
		}),
	);
	const services = Array.from({length: count(random, 12)}, (_, index) => {
		const replicas = count(random, 20);
		return aService(`${pick(random, odd)}${index}`, {
			createdAt: 999_999_000_000 - index * 40_000_000,
			spec: serviceSpec({
				replicas,
				mode: pick(random, ['replicated', 'replicated', 'global', 'job']),
				labels: {[pick(random, odd) || 'k']: pick(random, odd)},
				template: {image: pick(random, odd) || 'nodejs'},
			}),
			status: {
				desired: replicas,
				running: count(random, replicas),
				healthy: count(random, replicas),
				completed: count(random, 3),
				ports: [],
				...(random() < 0.4 ? {message: pick(random, odd)} : {}),
			},
		});
	});
	const instances = services.flatMap(service =>
		Array.from({length: count(random, 6)}, (_, index) => hostileInstance(random, service, index + 1, nodes)),
	);
	const events = Array.from({length: count(random, 8)}, (_, index) =>
		anEvent(`e${index}`, {
			name: pick(random, odd),
			createdAt: 999_999_990_000 + index,
			tone: pick(random, ['normal', 'warning']),
			about: pick(
				random,
				[...services, ...nodes].map(({kind, id, name}) => ({kind, id, name})),
			) ?? {
				kind: 'gone',
				id: 'x',
				name: 'x',
			},
			message: pick(random, odd).repeat(1 + count(random, 5)),
		}),
	);
	return [...nodes, ...services, ...instances, ...events];
}

function hostileInstance(
	random: Random,
	{id, name}: Pick<Instance, 'id' | 'name'>,
	slot: number,
	nodes: ReadonlyArray<Pick<Instance, 'id' | 'name'>>,
): Instance {
	const node = pick(random, nodes) as (typeof nodes)[number] | undefined;
	const state = pick(random, ['pending', 'running', 'running', 'running', 'failed', 'rejected', 'completed', 'lost']);
	return anInstance(`${name}.${slot}`, {
		id: `${id}.${slot}`,
		serviceId: id,
		serviceName: name,
		slot,
		createdAt: 999_999_000_000,
		...(node === undefined || state === 'pending' ? {} : {nodeId: node.id, nodeName: node.name}),
		desired: pick(random, ['running', 'running', 'stopped']),
		restarts: count(random, 9),
		...(random() < 0.6 ? {usage: {cpus: random() * 3, memoryBytes: random() * 2 ** 34, at: 0}} : {}),
		status: {
			state: state as Instance['status']['state'],
			at: 0,
			health: pick(random, ['none', 'healthy', 'unhealthy', 'starting']),
			healthMessage: pick(random, odd),
			reason: pick(random, odd),
			endpoints: random() < 0.5 ? [{target: 80, host: '127.0.0.1', port: 20_000 + slot}] : [],
		},
	});
}

/** Something happens to it. */
export function stir(cluster: ScriptedCluster, random: Random): void {
	const dice = random();
	if (dice < 0.5) {
		cluster.put(...hostileObjects(random).slice(0, 6));
	} else if (dice < 0.6) {
		cluster.drop(`${pick(random, odd)}${count(random, 12)}-id`);
	} else if (dice < 0.7) {
		cluster.disconnect();
	} else if (dice < 0.9) {
		cluster.connect();
	} else if (dice < 0.95) {
		cluster.hold();
	} else {
		cluster.answer();
	}

	const text = pick(random, odd).repeat(1 + count(random, 40));
	const instanceName = `${pick(random, odd)}.1`;
	cluster.log({at: 999_999_000_000, instanceId: `${instanceName}-id`, instanceName, stream: 'stdout', text});
}
