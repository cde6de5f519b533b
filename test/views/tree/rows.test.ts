import {expect, test} from 'vitest';
import type {InstanceTemplate, Volume} from '../../../source/core/model/index.ts';
import {parseFilter} from '../../../source/views/list/filter.ts';
import {type TreeLook, type TreeRow, type TreeWorld, treeRows} from '../../../source/views/tree/rows.ts';
import {readCluster} from '../../helpers/cluster-text.ts';

const text = `
	node n1 · node n2
	service web replicas 3 · service api replicas 1
	instance web.10 on n1 running · instance web.2 on n2 failed · instance web.1 pending
	instance api.1 on n1 running
`;

const everything: TreeLook = {isOpen: () => true};

/** A row a line: its depth as dots, then kind and name; `?` behind what is not there, `+` behind what is folded. */
function check(
	name: string,
	look: TreeLook,
	expected: string,
	{template = {}, used = {}}: {template?: Partial<InstanceTemplate>; used?: TreeWorld['used']} = {},
) {
	test(name, () => {
		const {services, instances, nodes} = readCluster(text);
		const using = services.map(service => ({
			...service,
			spec: {...service.spec, template: {...service.spec.template, ...(service.name === 'web' ? template : {})}},
		}));
		const rows = treeRows({services: using, instances, nodes, used}, look);
		const lines = expected.trim().split(/\s*\n\s*/);
		expect(rows.map(lineOf)).toEqual(lines);
		expect(new Set(rows.map(({key}) => key)).size).toBe(rows.length);
		const keys = new Set(rows.map(({key}) => key));
		expect(rows.filter(({parent}) => parent !== undefined && !keys.has(parent))).toEqual([]);
	});
}

function lineOf({depth, kind, name, isMissing, isOpen}: TreeRow): string {
	return `${'.'.repeat(depth)}${kind} ${name}${isMissing ? '?' : ''}${isOpen === false ? '+' : ''}`;
}

check(
	'all of it, by name and slot',
	everything,
	`service api
	.instance api.1
	..node n1
	service web
	.instance web.1
	.instance web.2
	..node n2
	.instance web.10
	..node n1`,
);
check('services folded', {isOpen: () => false}, 'service api+\nservice web+');
check(
	'instances folded',
	{isOpen: key => key.startsWith('service')},
	'service api\n.instance api.1+\nservice web\n.instance web.1\n.instance web.2+\n.instance web.10+',
);
check('one service', {...everything, serviceId: 'api-id'}, 'service api\n.instance api.1\n..node n1');
check(
	'what a filter keeps, and what it is below',
	{...everything, keeps: object => parseFilter('\\.2')?.matches({text: object.name}) ?? true},
	'service web\n.instance web.2\n..node n2',
);
check(
	'a service that a filter keeps, with all below it',
	{...everything, keeps: ({name}) => name === 'api'},
	'service api\n.instance api.1\n..node n1',
);
check(
	'faults, and what they are below',
	{...everything, isFault: object => object.kind === 'instance' && object.status.state === 'failed'},
	'service web\n.instance web.2\n..node n2',
);

const volume = {kind: 'volume', name: 'data'} as Volume;
check(
	'what a service uses, each once, and what of it is not there',
	{isOpen: key => key.startsWith('service'), serviceId: 'web-id'},
	`service web
	.network front
	.volume data
	.config app?
	.secret key
	.instance web.1+
	.instance web.2+
	.instance web.10+`,
	{
		template: {
			networks: [{network: 'front'}],
			mounts: [
				{type: 'volume', source: 'data', target: '/a'},
				{type: 'volume', source: 'data', target: '/b'},
				{type: 'volume', source: 'own', target: '/c', perSlot: true},
				{type: 'bind', source: '/etc', target: '/etc'},
				{type: 'volume', target: '/tmp'},
			],
			configs: [{source: 'app'}],
			secrets: [{source: 'key'}],
		},
		used: {volume: [volume], config: []},
	},
);
check(
	'a volume of each slot',
	{...everything, serviceId: 'web-id', keeps: ({name}) => name === 'web.2'},
	'service web\n.instance web.2\n..node n2\n..volume own-2?',
	{template: {mounts: [{type: 'volume', source: 'own', target: '/c', perSlot: true}]}, used: {volume: [volume]}},
);
