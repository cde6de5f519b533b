import {expect, test} from 'vitest';
import type {Query} from '../../source/core/backend.ts';
import type {Kind, Volume} from '../../source/core/model/index.ts';
import {bodyLines} from '../../source/views/body.ts';
import {volumesScreen} from '../../source/views/volumes/screen.ts';
import {readCluster} from '../helpers/cluster-text.ts';
import {createScriptedCluster} from '../helpers/scripted-cluster.ts';
import {tableText} from '../helpers/table-text.ts';
import {openUi} from '../helpers/ui.ts';

const gaps = ['n3: it is down.', 'n4, n5: the way to its engine is not known. Set MUSTER_SWARM_NODES.'];

/** The screen of volumes on a cluster of which two kinds of nodes could not be asked. */
async function open(volumes: readonly Volume[]) {
	const cluster = createScriptedCluster([...readCluster('node n1').nodes, ...volumes]);
	const list = async <K extends Kind>(query: {kind: K}) => ({
		...(await cluster.list(query)),
		...(query.kind === 'volume' && {gaps}),
	});
	async function* watch<K extends Kind>(query: Query<K>, since: string, signal: AbortSignal) {
		for await (const change of cluster.watch(query, since, signal)) {
			yield query.kind === 'volume' && change.type === 'bookmark' ? {...change, gaps} : change;
		}
	}

	const opened = await openUi([], {cluster: {...cluster, list, watch} as typeof cluster});
	opened.press(':', ...'volumes', 'enter');
	await opened.advance(1000);
	return opened;
}

// Absent from the list is not the same as none: a node that is down may have many.
test('volumes tell below them which nodes could not be asked', async () => {
	const meta = {id: 'n1/data', name: 'data', revision: '1', createdAt: 0, updatedAt: 0};
	const data: Volume = {...meta, kind: 'volume', spec: {labels: {}}, nodeName: 'n1', usedBy: []};
	const {message} = await open([data]);
	expect(message).toContain('not shown is what could not be asked: n3: it is down (and 1 more)');
});

test('no volumes tells it whole', async () => {
	const {ui} = await open([]);
	const text = bodyLines(ui, {columns: 200, rows: 10}).join(' ').replace(/\s+/g, ' ');
	expect(text).toContain(`No volume here. Not all could be asked: ${gaps.join(' ')}`);
});

test('volumes tell their size and what is wrong with them; what none of them has takes no room', async () => {
	const volume = (name: string, parts: Partial<Volume>): Volume => ({
		...{id: name, name, revision: '1', createdAt: 0, updatedAt: 0, kind: 'volume', spec: {labels: {}}, usedBy: []},
		...parts,
	});
	const data = volume('data', {spec: {labels: {}, storageClass: 'fast', sizeBytes: 2 ** 30}, usedBy: ['db']});
	const rows = (volumes: readonly Volume[]) =>
		tableText(volumesScreen, {volumes} as never)
			.split('\n')
			.map(line => line.replace(/ +/g, ' ').trim());
	expect(rows([data])).toEqual(['NAME DRIVER SIZE USED BY AGE', 'data fast 1 GiB db 0s']);
	expect(rows([data, volume('logs', {message: 'Pending'})])).toEqual([
		'NAME DRIVER SIZE MESSAGE USED BY AGE',
		'data fast 1 GiB db 0s',
		'logs – Pending – 0s',
	]);
	expect(rows([volume('here', {nodeName: 'n1'})])).toEqual(['NAME DRIVER NODE USED BY AGE', 'here – n1 – 0s']);
});
