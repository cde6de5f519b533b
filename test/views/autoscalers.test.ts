import {expect, test} from 'vitest';
import type {Service} from '../../source/core/model/index.ts';
import {displayWidth} from '../../source/core/text/text.ts';
import {bodyLines} from '../../source/views/body.ts';
import {run} from '../commands/run.ts';
import {aService} from '../helpers/objects.ts';
import {createScriptedCluster} from '../helpers/scripted-cluster.ts';
import {openUi} from '../helpers/ui.ts';

// At a glance: every policy with what it is to bring, and what was decided last and why.

function scaled(name: string, replicas: number, parts: Partial<Service> = {}): Service {
	const service = aService(name, parts);
	const targets = [
		{metric: 'cpu', value: 0.7},
		{metric: 'requests', value: 50},
	] as const;
	const autoscale = {min: 1, max: 6, targets, upWindowMs: 0, downWindowMs: 0, cooldownMs: 0};
	return {
		...service,
		spec: {...service.spec, replicas, autoscale},
		status: {...service.status, desired: replicas, running: replicas, healthy: replicas},
	};
}

const decided = {at: 0, reason: 'cpu 90 % each of 70 %: 4 needed', scaledAt: -60_000, scaledFrom: 3};
const services = [scaled('web', 4, {autoscale: decided}), scaled('api', 6), aService('plain')];

test(':autoscalers lists every policy with its last decision, and what is at its most as a fault', async () => {
	const {ui, press, advance} = await openUi(services);
	press(':', ...'hpa', 'enter');
	await advance(1000);
	const lines = () => bodyLines(ui, {columns: 120, rows: 6}).map(line => line.replace(/ +/g, ' ').trim());
	const [title, api, web, ...rest] = lines();
	expect(title).toContain('NAME ↑ REPLICAS RANGE TARGETS SCALED DECISION');
	expect(api).toContain('api 6/6 1–6 cpu 70 %, requests 50/s none yet');
	expect(web).toMatch(/web 4\/4 1–6 cpu 70 %, requests 50\/s from 3, \S+ cpu 90 % each of 70 %: 4 needed/);
	expect(rest.join('')).not.toContain('plain');
	press('ctrl-z');
	await advance(100);
	expect(lines().join('\n')).toContain('api');
	expect(lines().join('\n')).not.toContain('web');
});

test('muster autoscaler ls lists the same', async () => {
	const {stdout} = await run('autoscaler ls', {open: async () => createScriptedCluster(services)});
	expect(stdout).toMatchInlineSnapshot(`
		"NAME  REPLICAS  MIN  MAX  TARGETS                  SCALED FROM  SCALED  DECISION
		api   6/6         1    6  cpu 70 %, requests 50/s            -       -  -
		web   4/4         1    6  cpu 70 %, requests 50/s            3     60s  cpu 90 % each of 70 %: 4 needed
		"
	`);
	const {stdout: json} = await run('autoscalers ls -o json', {open: async () => createScriptedCluster(services)});
	expect(JSON.parse(json).map(({name}: {name: string}) => name)).toEqual(['api', 'web']);
});

test('on a narrow screen the targets are whole while none was scaled, and explain tells all of a reason', async () => {
	const decided =
		'requests 0/s each of 30/s: 1 needed, bounded from 0; goes down to 1 once that has been so for its window';
	const {ui, press, advance} = await openUi([scaled('web', 4, {autoscale: {at: 0, reason: decided}})], {
		size: {columns: 80, rows: 24},
	});
	press(':', ...'hpa', 'enter');
	await advance(1000);
	const shown = () => bodyLines(ui, {columns: 80, rows: 22});
	expect(shown()[0]).not.toContain('SCALED');
	expect(shown()[1]).toContain('cpu 70 %, requests 50/s');
	press('x');
	await advance(1000);
	expect(shown().every(line => displayWidth(line) <= 80)).toBe(true);
	expect(shown().join(' ').replace(/\s+/g, ' ')).toContain(decided);
});
