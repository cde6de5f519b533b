import {expect} from 'vitest';
import {parseFile, parseMount, parseNetwork} from '../../source/actions/service/attachments.ts';
import {createService} from '../../source/actions/service/create-service.ts';
import {parsePort} from '../../source/actions/service/ports.ts';
import {updateService} from '../../source/actions/service/update-service.ts';
import {bodyOf} from '../../source/backends/local/gateway/http/body.ts';
import {
	BadMessage,
	endOfHead,
	readRequest,
	readResponse,
	writeRequest,
} from '../../source/backends/local/gateway/http/head.ts';
import {answerQuery} from '../../source/backends/local/gateway/name-server.ts';
import {ClusterError} from '../../source/core/error.ts';
import {serviceSpec} from '../../source/core/spec/service-spec.ts';
import * as read from '../../source/daemon/api/requests.ts';
import {createSimulatedCluster} from '../../source/orchestrator/simulated/cluster.ts';
import {createManualClock} from '../helpers/manual-clock.ts';
import {fuzz} from './inputs.ts';
import {anyText, mutated} from './values.ts';

const readers = Object.values(read).filter(value => typeof value === 'function');
const requests = [
	{ref: {kind: 'service', name: 'web'}, patch: {}, create: true},
	{ref: {kind: 'node', id: 'x', name: 'n1'}, ifRevision: '3'},
	{kind: 'instance', history: true, limit: 3},
	{instanceIds: ['a'], follow: false, tail: 3},
	{instanceId: 'a', signal: 'SIGTERM'},
	{instanceId: 'a', command: ['sh'], tty: true, stdin: false, size: {columns: 80, rows: 24}},
	{path: '/x', name: 'y'},
	{all: true},
	{nodeId: 'x', forMs: 3},
];
fuzz('requests of the API', 450_000, random => {
	const input = mutated(random, requests[Math.floor(random() * requests.length)]);
	const reader = readers[Math.floor(random() * readers.length)] as (value: unknown) => unknown;
	return {input, run: () => void reader(input)};
});

const fields = [...Object.entries(createService.fields), ...Object.entries(updateService.fields)];
const parsers = [parsePort, parseMount, parseNetwork, parseFile, ...fields.map(([, field]) => field.parse)];
fuzz('values of flags', 400_000, random => {
	const input = anyText(random);
	const parse = parsers[Math.floor(random() * parsers.length)] as (text: string) => unknown;
	return {input, run: () => void parse(input)};
});

const heads = [
	'GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, X\r\nX-Forwarded-For: 1\r\n\r\n',
	'POST /x?y HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
	'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nKeep-Alive: timeout=5\r\n\r\nhello',
];
fuzz('messages of HTTP and queries of names', 200_000, random => {
	const data = Buffer.from(heads[Math.floor(random() * heads.length)] ?? '', 'latin1');
	for (let count = Math.floor(random() * 6); count > 0; count--) {
		data[Math.floor(random() * data.length)] = Math.floor(random() * 256);
	}

	const input = data.toString('latin1');
	return {
		input,
		isRefusal: error => error instanceof BadMessage,
		run() {
			answerQuery(data, {network: 'x', address: '', names: {a: '127.1.1.1'}});
			const end = endOfHead(data, 0) ?? data.length;
			if (input.startsWith('HTTP/')) {
				bodyOf(readResponse(data, end, 'GET').framing).take(data.subarray(end));
				return;
			}

			const head = readRequest(data, end);
			const text = writeRequest(head, {address: '1.2.3.4', isSecure: true});
			// What is passed on is one head, with the same meaning.
			expect(text.indexOf('\r\n\r\n')).toBe(text.length - 4);
			expect(readRequest(Buffer.from(text, 'latin1'), text.length).framing).toEqual(head.framing);
			bodyOf(head.framing).take(data.subarray(end));
		},
	};
});

const cluster = createSimulatedCluster({seed: 1, clock: createManualClock()});
const base = serviceSpec({
	template: {
		image: 'exec:/bin/x',
		env: {A: '{{secret "s"}}'},
		health: {test: {type: 'http', path: '/'}},
		mounts: [{type: 'volume', source: 'v', target: '/v'}],
		configs: [{source: 'c'}],
		networks: [{network: 'n'}],
	},
	ports: [{published: 8080, target: 80, protocol: 'tcp', http: {hosts: ['a.b']}}],
});
fuzz('writes of the orchestrator', 50_000, random => {
	const {orchestrator, store} = cluster;
	const kinds = ['service', 'node', 'network', 'volume', 'config', 'secret'] as const;
	const kind = kinds[Math.floor(random() * (random() < 0.5 ? 1 : kinds.length))] ?? 'service';
	const name = random() < 0.8 ? `x${Math.floor(random() * 20)}` : anyText(random);
	const patch = (
		kind === 'service' ? mutated(random, mutated(random, base)) : mutated(random, {labels: {a: 'b'}, data: {data: 'x'}})
	) as never;
	const options = {create: random() < 0.5, ...(random() < 0.1 && {ifRevision: anyText(random)})};
	const isRemoval = random() < 0.2;
	const {revision} = store;
	return {
		input: {kind, name, patch, options, isRemoval},
		isRefusal: error => {
			expect(store.revision).toBe(revision);
			return error instanceof ClusterError && error.code !== 'failed';
		},
		run() {
			if (isRemoval) orchestrator.remove({kind, name}, {});
			else if (kind === 'service') orchestrator.applyService({kind, name}, patch, options);
			else if (kind === 'node') orchestrator.applyNode({kind, name}, patch, options);
			else orchestrator.applyStored({kind, name}, patch, options);
		},
	};
});
