import {describe, expect, test} from 'vitest';
import type {Config, Instance, Network, Secret, Volume} from '../../source/core/model/index.ts';
import {bodyLines} from '../../source/views/body.ts';
import {noPorts, type Ports} from '../../source/views/ports.ts';
import {run} from '../commands/run.ts';
import {anInstance, aService} from '../helpers/objects.ts';
import {createScriptedCluster} from '../helpers/scripted-cluster.ts';
import {openUi} from '../helpers/ui.ts';

const meta = (name: string) => ({id: `${name}-id`, name, revision: '1', createdAt: 0, updatedAt: 0, usedBy: []});
const objects = [
	{...meta('back'), kind: 'network', reach: 'cluster', spec: {labels: {}}} satisfies Network,
	{...meta('data'), kind: 'volume', spec: {labels: {}}} satisfies Volume,
	{...meta('app'), kind: 'config', version: 1, spec: {labels: {}, data: {data: 'a'}}} satisfies Config,
	{...meta('db'), kind: 'secret', version: 1, files: ['data'], spec: {labels: {}}} satisfies Secret,
];

async function open(screen: string, read: Ports['read'] = noPorts.read) {
	const opened = await openUi(objects, {ports: {...noPorts, read}});
	opened.press(':', ...screen, 'enter');
	await opened.advance(1000);
	return opened;
}

test.each([
	['networks', 'remove network back'],
	['volumes', 'remove volume data'],
	['configs', 'remove config app'],
	['secrets', 'remove secret db'],
])('ctrl-d removes what is selected on %s, when confirmed', async (screen, written) => {
	const {press, advance, cluster} = await open(screen);
	press('ctrl-d');
	await advance(100);
	expect(cluster.writes).toEqual([]);
	press('enter');
	await advance(100);
	expect(cluster.writes).toEqual([written]);
});

test.each([
	['configs', 'apply config app {"data":{"data":"new"}}'],
	['secrets', 'apply secret db {"data":{"data":"new"}}'],
])('u gives other content on %s', async (screen, written) => {
	const {press, advance, cluster} = await open(screen);
	press('u', 'tab', ...'new', 'enter');
	await advance(100);
	expect(cluster.writes).toEqual([written]);
});

test('what a file holds that a form names is read when it is done', async () => {
	const asked: string[] = [];
	const read = async (file: string) => {
		asked.push(file);
		return Buffer.from('held');
	};
	const {press, advance, cluster} = await open('configs', read);
	press('n', ...'site', 'tab', ...'a.pem');
	await advance(100);
	expect(asked).toEqual([]);
	press('enter');
	await advance(100);
	expect([asked, cluster.writes]).toEqual([['a.pem'], ['apply config site {"data":{"data":"held"}}']]);
});

test('a file that is not there brings the form back', async () => {
	const read = async () => Promise.reject(Object.assign(new Error('no'), {code: 'ENOENT'}));
	const {press, advance, cluster, ui} = await open('configs', read);
	press('n', ...'site', 'tab', ...'a.pem', 'enter');
	await advance(100);
	expect([cluster.writes, ui.state.overlay?.type, ui.state.message?.text]).toEqual([
		[],
		'form',
		expect.stringContaining('FILE: "a.pem" cannot be read: there is no such file'),
	]);
});

describe('who is on a network', () => {
	const store = aService('store');
	const [network] = objects;
	const networks = [{network: 'back', aliases: ['db']}];
	const instance = anInstance('store.1', {serviceId: store.id, serviceName: 'store', nodeName: 'n2'});
	const endpoints = [{target: 80, host: '127.0.0.1', port: 20_001}];
	const around = [
		{...network, usedBy: ['store']} as Network,
		{
			...store,
			spec: {...store.spec, template: {...store.spec.template, networks}},
			status: {...store.status, desired: 1, healthy: 1, address: '127.9.1.3'},
		},
		{...instance, status: {...instance.status, state: 'running', endpoints}} as Instance,
		{...instance, id: 'old', name: 'gone', status: {...instance.status, state: 'failed'}} as Instance,
		aService('elsewhere'),
	];

	test('on the dashboard: its services, by which names and where they and their instances are reached', async () => {
		const {ui, press, advance} = await openUi(around);
		press(':', ...'networks', 'enter');
		await advance(1000);
		press('enter');
		await advance(100);
		const text = bodyLines(ui, {columns: 80, rows: 20}).join('\n');
		expect(text).toContain('127.9.1.3 as store, db, 1 of 1 healthy');
		expect(text).toMatch(/store\.1 +n2 running 127\.0\.0\.1:20001→80/);
		expect(text).not.toMatch(/elsewhere|gone/);
	});

	test('by inspect', async () => {
		const {stdout} = await run('network inspect back', {open: async () => createScriptedCluster(around)});
		expect(JSON.parse(stdout)).toMatchObject([
			{
				name: 'back',
				members: [
					{
						service: 'store',
						names: ['store', 'db'],
						address: '127.9.1.3',
						healthy: 1,
						instances: [{name: 'store.1', node: 'n2', state: 'running', endpoints}],
					},
				],
			},
		]);
	});
});
