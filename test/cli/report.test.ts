import {appendFileSync} from 'node:fs';
import {hostname, userInfo} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {reportFacts} from '../../source/cli/report-facts.ts';
import type {Backend} from '../../source/core/backend.ts';
import {run} from '../commands/run.ts';
import {type LocalEngine, localEngine, until} from '../helpers/local-engine.ts';

// Real processes on a machine that may be busy.
vi.setConfig({testTimeout: 60_000, hookTimeout: 60_000});

let engine: LocalEngine;
let backend: Backend;

beforeEach(async () => {
	engine = localEngine();
	backend = await engine.open();
});

afterEach(async () => {
	await engine.end();
});

const planted = {
	secret: 'planted-secret-content',
	config: 'planted-config-content',
	variable: 'planted-variable',
	argument: 'planted-argument',
	label: 'planted-label',
	name: 'planted-name',
};

test('a report of a running home tells how it is, and nothing of what it was given', async () => {
	await backend.apply({kind: 'secret', name: `${planted.name}-s`}, {data: {data: planted.secret}}, {create: true});
	await backend.apply({kind: 'config', name: `${planted.name}-c`}, {data: {data: planted.config}}, {create: true});
	await backend.apply(
		{kind: 'service', name: planted.name},
		{
			replicas: 2,
			labels: {of: planted.label},
			template: {
				image: 'exec:/bin/sh',
				command: ['-c', `sleep 1000; : ${planted.argument}`],
				env: {A: planted.variable},
				secrets: [{source: `${planted.name}-s`}],
				configs: [{source: `${planted.name}-c`}],
			},
		},
		{create: true},
	);
	await until(
		async () => (await backend.list({kind: 'service'})).items[0]?.status.running,
		running => running === 2,
		30_000,
	);
	const who = userInfo().username;
	const {variable, argument, label, name, config} = planted;
	appendFileSync(
		path.join(engine.home.logs, 'daemon.log'),
		`${name}.1: ${variable} ${argument} ${label} ${config} on ${hostname()} of ${who} in ${engine.home.root}/x, token=${planted.secret}\n`,
	);
	const report = async () => reportFacts(engine.home, '1.2.3', who);
	const {code, stdout} = await run('report', {open: async () => backend, report});
	expect(code).toBe(0);
	for (const found of [...Object.values(planted), engine.home.root]) {
		expect(stdout).not.toContain(found);
	}

	expect(stdout).toMatch(
		/service-1\.1: <hidden> <hidden> <hidden> <hidden> on <host> of <user> in <home>\/x, token=<hidden>/,
	);
	expect(stdout).toMatch(/^muster 1\.2\.3, daemon/m);
	expect(stdout).toMatch(/^instances: 2 \(2 running\)$/m);
	expect(stdout).toMatch(/^service-1: replicated, 2\/2 healthy, image exec, 1 variable$/m);
	expect(stdout).toMatch(/^agent node-1: ok/m);
	expect(stdout).toMatch(/^## Log: agent node-1$/m);
});
