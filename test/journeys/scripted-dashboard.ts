// A dashboard on a cluster that does what it is told, in a terminal: what the journeys run.
//     small | full | empty | crowd COUNT | demo COUNT   [--read-only] [--crash-on-scale] [--silent[=KIND]] [--viewer] [--viewer]

import type {JournalEntry} from '../../source/actions/journal/journal.ts';
import {permissionsFor} from '../../source/backends/local/client/permissions.ts';
import {createPorts} from '../../source/cli/ports/index.ts';
import type {Backend} from '../../source/core/backend.ts';
import {ClusterError} from '../../source/core/error.ts';
import {type Kind, kinds, type Objects, type Service} from '../../source/core/model/index.ts';
import {createDemo} from '../../source/demo/demo.ts';
import {runDashboard} from '../../source/views/index.tsx';
import {crowd} from '../helpers/crowd.ts';
import {fullCluster} from '../helpers/full-cluster.ts';
import {realClock} from '../helpers/real-clock.ts';
import {createScriptedCluster} from '../helpers/scripted-cluster.ts';
import {scriptedFacets} from '../helpers/scripted-facets.ts';
import {createScriptedSessions} from '../helpers/scripted-session.ts';
import {smallCluster} from '../helpers/small-cluster.ts';
import {obey} from './control.ts';

const flags = process.argv.slice(2).filter(word => word.startsWith('--'));
const [name = 'small', count = '200'] = process.argv.slice(2).filter(word => !word.startsWith('--'));

const clusters: Readonly<Record<string, (now: number) => ReadonlyArray<Objects[Kind]>>> = {
	small: smallCluster,
	full: fullCluster,
	empty: () => [],
	crowd: now => crowd(now, Number(count)),
};

function withTerminal(service: Service): Service {
	return {...service, spec: {...service.spec, template: {...service.spec.template, tty: true, openStdin: true}}};
}

function scripted() {
	const objects = clusters[name];
	if (objects === undefined) {
		throw new Error(`No cluster is called ${name}`);
	}

	const sessions = createScriptedSessions();
	const full = {sessions, wrote: (text: string) => cluster.wrote(text), turn: () => cluster.turn()};
	const permissions = flags.includes('--viewer') ? permissionsFor({asker: {name: 'vera', role: 'viewer'}}) : undefined;
	const facets = {
		...(name === 'full' ? scriptedFacets(full) : sessions.facets),
		...(permissions === undefined ? {} : {permissions}),
	};
	const cluster = createScriptedCluster(objects(Date.now()), facets);
	if (flags.includes('--tty')) {
		cluster.put(...objects(Date.now()).flatMap(object => (object.kind === 'service' ? withTerminal(object) : [])));
	}

	const [silence] = flags.filter(flag => flag.startsWith('--silent'));
	if (silence !== undefined) {
		cluster.hold(kinds.find(kind => silence === `--silent=${kind}`));
	}

	if (flags.includes('--crash-on-scale')) {
		cluster.apply = () => {
			setImmediate(() => {
				throw new Error('crashed on purpose');
			});
			return new Promise(() => {});
		};
	}

	if (process.env.JOURNEY_SOCKET !== undefined) {
		obey(cluster, sessions, process.env.JOURNEY_SOCKET);
	}

	return cluster;
}

const {env, stdin, stdout} = process;
const folder = env.JOURNEY_FOLDER ?? '/nowhere';
const instances = Number(count);
const demo = () => createDemo({seed: 1, nodes: 6, instances, changesPerSecond: 20}, realClock);
const ports = createPorts({stdin, stdout, env, home: {state: folder, config: folder}});

const journal: JournalEntry[] = [];

type Shown = {readonly backend: Backend; readonly screen?: string};

/** Shows one cluster; answers with the one that was gone to. */
async function show({backend, screen}: Shown): Promise<Shown | undefined> {
	const wish = await runDashboard({
		backend,
		screen,
		journal: {record: entry => void journal.push(entry), read: async () => journal},
		who: 'tester',
		clock: realClock,
		random: Math.random,
		readOnly: flags.includes('--read-only'),
		ports: {
			...ports,
			contexts: {
				list: async () => [
					{name: 'local', engine: 'local', endpoint: 'this machine'},
					{name: 'swarm:prod', engine: 'swarm', endpoint: 'ssh://m1', current: true},
					{name: 'k8s:gone', engine: 'k8s', endpoint: 'https://nowhere'},
				],
				open: openOther,
				peek: openOther,
			},
		},
		env,
		stdin,
		stdout,
	});
	const {namespaces} = backend.facets;
	if (wish === undefined || 'backend' in wish || namespaces === undefined) {
		return wish !== undefined && 'backend' in wish ? wish : undefined;
	}

	const current = 'namespace' in wish ? wish.namespace : undefined;
	return {
		backend: {...backend, facets: {...backend.facets, namespaces: {...namespaces, current}}},
		screen: wish.screen,
	};
}

async function openOther(context: string): Promise<Backend> {
	if (context === 'k8s:gone') {
		throw new ClusterError('unreachable', 'k8s:gone does not answer');
	}

	return {...createScriptedCluster([]), name: context};
}

let shown: Shown | undefined = {backend: name === 'demo' ? demo() : scripted()};
while (shown !== undefined) {
	shown = await show(shown);
}

process.stdout.write('left\n');
process.exit(0);
