import {existsSync, statSync} from 'node:fs';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {readLogs} from '../../../../source/backends/local/client/read-logs.ts';
import {isFinal} from '../../../../source/core/instance-state.ts';
import {type AgentRig, agentRig, until} from '../../../helpers/agent-rig.ts';

let rig: AgentRig;

beforeEach(async () => {
	rig = await agentRig();
	await rig.start();
});

afterEach(() => rig.end());

async function read(id: string, follow: boolean): Promise<string[]> {
	const source = {
		instanceId: id,
		instanceName: 'web.1',
		folder: rig.paths(id).folder,
		hasEnded: () => isFinal(rig.daemon.status(id)?.state ?? 'pending'),
	};
	const texts: string[] = [];
	for await (const {text, stream} of readLogs({sources: [source], follow, signal: AbortSignal.timeout(10_000)}))
		texts.push(`${stream} ${text}`);
	return texts;
}

test('logs are followed from before the first line to behind the last', async () => {
	const id = rig.run(['exec:/bin/sh', '-c', 'for i in 1 2 3; do echo $i; sleep 0.2; done; echo oops >&2; printf end']);
	const texts = await read(id, true);
	expect(texts.toSorted()).toEqual(['stderr oops', 'stdout 1', 'stdout 2', 'stdout 3', 'stdout end']);
	expect((await read(id, false)).toSorted()).toEqual(texts.toSorted());
});

test('a log that grows without end is rotated while it is written', async () => {
	const script =
		'i=0; while [ $i -lt 220000 ]; do echo "line $i of a log that grows and grows and grows"; i=$((i+1)); done; exec sleep 60';
	const id = rig.run(['exec:/bin/sh', '-c', script]);
	await rig.running(id);
	const {stdout} = rig.paths(id);
	await until(() => existsSync(`${stdout}.1.index`), Boolean, 15_000);
	expect(statSync(`${stdout}.1`).size).toBeGreaterThanOrEqual(10 * 2 ** 20);
	process.kill((await rig.running(id)).pid!, 'SIGKILL');
	await rig.ended(id);
	const texts = await read(id, false);
	expect(texts[0]).toBe('stdout line 0 of a log that grows and grows and grows');
	const numbers = texts.map(text => Number(text.split(' ')[2]));
	expect(numbers.every((number, at) => at === 0 || number > numbers[at - 1]!)).toBe(true);
}, 30_000);
