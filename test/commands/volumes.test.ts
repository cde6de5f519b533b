import {describe, expect, test} from 'vitest';
import type {Kind, Volume} from '../../source/core/model/index.ts';
import {readCluster} from '../helpers/cluster-text.ts';
import {createScriptedCluster} from '../helpers/scripted-cluster.ts';
import {run} from './run.ts';

function volume(nodeName: string, name: string): Volume {
	const meta = {id: `${nodeName}/${name}`, name, revision: '1', createdAt: 0, updatedAt: 0};
	return {...meta, kind: 'volume', spec: {labels: {}}, nodeName, usedBy: []};
}

/** Two nodes, both with a volume `data`; of a third is said that it could not be asked. */
async function open() {
	const cluster = createScriptedCluster([
		...readCluster('node n1 · node n2').nodes,
		volume('n2', 'data'),
		volume('n1', 'data'),
		volume('n1', 'log'),
	]);
	return {
		...cluster,
		list: async <K extends Kind>(query: {kind: K}) => ({
			...(await cluster.list(query)),
			...(query.kind === 'volume' && {gaps: ['n3: it is down.']}),
		}),
	};
}

describe('volumes that lie on nodes', () => {
	function check(name: string, line: string, ...expected: readonly string[]): void {
		test(name, async () => {
			const {code, stdout, stderr, journal} = await run(line, {open});
			const all = [...stdout.split('\n'), ...stderr.split('\n'), ...journal].filter(text => text !== '');
			expect([`exit ${code}`, ...all.map(text => text.trimEnd())]).toEqual(expected);
		});
	}

	check(
		'who could not be asked is said beside the list',
		'volume ls -o name',
		'exit 0',
		'data',
		'data',
		'log',
		'not shown is what could not be asked: n3: it is down.',
	);
	check(
		'a name that several nodes have is refused, and how to say it',
		'volume rm --yes data',
		'exit 2',
		'muster volume rm: "data" may be 2 volumes: n1/data, n2/data.',
		'Name one so, or say on which node: --node NODE.',
	);
	check('the node says which', 'volume rm --yes --node n2 data', 'exit 0', 'data', 'ann: muster volume rm n2/data');
	check(
		'so does its id',
		'volume rm --dry-run n1/data',
		'exit 0',
		'muster volume rm n1/data',
		'  removes volume n1/data with everything in it',
	);
	check(
		'the same name on another node is no conflict',
		'volume create --dry-run --node n2 log',
		'exit 0',
		'muster volume create --node=n2 log',
		'  create volume log: {"node":"n2"}',
	);
	check(
		"what its engine's driver is told",
		'volume create --dry-run --driver local --opt type=tmpfs --opt device=tmpfs --size 1g --storage-class fast scratch',
		'exit 0',
		'muster volume create --driver=local --opt=type=tmpfs --opt=device=tmpfs --size=1g --storage-class=fast scratch',
		'  create volume scratch: {"driver":"local","options":{"type":"tmpfs","device":"tmpfs"},"sizeBytes":1073741824,"storageClass":"fast"}',
	);
	check(
		'on the same it is',
		'volume create --node n1 log',
		'exit 4',
		'muster volume create: There is a volume log on n1 already.',
	);
	check(
		'a node that is not there',
		'volume create --node n9 log',
		'exit 3',
		'muster volume create: --node: there is no node "n9".',
	);
});

test.each([
	['backup', '-'],
	['restore', '-'],
	['volume backup', 'data -'],
	['volume restore', 'data -'],
])('%s %s: a backup is a file', async (verb, words) => {
	const {code, stderr} = await run(`${verb} ${words}`, {});
	expect([code, stderr.split('\n')[0]]).toEqual([
		2,
		`muster ${verb}: FILE: must be the path of a file, found "-", which is none.`,
	]);
});
