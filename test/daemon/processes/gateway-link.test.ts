import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {connect, createServer, type Server} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {homeOf} from '../../../source/backends/local/home.ts';
import {type MessageStream, messageStream} from '../../../source/backends/local/message-stream.ts';
import type {DaemonToGateway, GatewayMessage} from '../../../source/backends/local/protocol.ts';
import {GatewayLink} from '../../../source/daemon/processes/gateway-link.ts';
import {until} from '../../helpers/local-engine.ts';
import {createManualClock, type ManualClock} from '../../helpers/manual-clock.ts';

let folder: string;
let server: Server;
let link: GatewayLink;
let clock: ManualClock;
let applied: number[];

/** What a daemon has anew at each of its starts. */
function startLink(): void {
	applied = [];
	const events = {routesApplied: (serial: number) => applied.push(serial)};
	const home = homeOf({MUSTER_HOME: folder}, {temporary: tmpdir(), cwd: folder});
	const program = {command: 'none', args: []};
	link = new GatewayLink({home, program, clock, log: () => {}, events: () => events});
}

beforeEach(async () => {
	folder = mkdtempSync(path.join(tmpdir(), 'muster-link-'));
	clock = createManualClock();
	startLink();
	server = createServer(socket => link.accept(socket, Buffer.alloc(0)));
	server.listen(path.join(folder, 's'));
	await once(server, 'listening');
});

afterEach(() => {
	server.close();
	rmSync(folder, {recursive: true});
});

class FakeGateway {
	readonly serials: number[] = [];
	readonly stream: MessageStream<GatewayMessage> = messageStream<DaemonToGateway, GatewayMessage>(
		connect(path.join(folder, 's')),
		Buffer.alloc(0),
		{message: ({table}) => this.serials.push(table.serial), ended: () => {}},
	);

	hello(serial: number) {
		this.stream.send({type: 'hello', pid: 1, serial});
	}

	applied(serial: number, failed: readonly {published: number; message: string}[] = []) {
		this.stream.send({type: 'applied', serial, failed});
	}
}

test('of two gateways it is the one that said hello last that is told of', async () => {
	expect(link.state.pid).toBeUndefined();
	const gateway = new FakeGateway();
	gateway.hello(0);
	await until(() => link.state.pid === 1);
});

test('a table is sent when it is published, and again to a gateway that comes', async () => {
	const gateway = new FakeGateway();
	gateway.hello(0);
	await until(() => link.state.isConnected);
	link.publish({serial: 1, routes: []});
	link.publish({serial: 2, routes: []});
	await until(() => gateway.serials.length === 2);
	gateway.applied(gateway.serials[1] ?? 0);
	await until(() => applied.length === 1);
	expect(applied).toEqual([2]);
	const next = new FakeGateway();
	next.hello(0);
	await until(() => next.serials.length === 1);
	expect(next.serials).toEqual(gateway.serials.slice(1));
});

test('the tables of a later daemon are later, also where the clock was set back', async () => {
	link.publish({serial: 7, routes: []});
	const gateway = new FakeGateway();
	gateway.hello(0);
	await until(() => gateway.serials.length === 1);
	const [first = 0] = gateway.serials;
	gateway.stream.destroy();
	clock.setWallClock(1000);
	startLink();
	link.publish({serial: 1, routes: []});
	const same = new FakeGateway();
	same.hello(first);
	await until(() => same.serials.length === 1);
	expect(same.serials[0]).toBeGreaterThan(first);
	same.applied(first);
	same.applied(same.serials[0] ?? 0, [{published: 80, message: 'in use'}]);
	await until(() => link.state.failed.length === 1);
	expect(applied).toEqual([1]);
	expect(link.state.failed).toEqual(['port 80: in use']);
});
