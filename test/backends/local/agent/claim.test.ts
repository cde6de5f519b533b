import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {claimNode} from '../../../../source/backends/local/agent/claim.ts';

let folder: string;
let agentInfo: string;

beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'muster-claim-'));
	agentInfo = path.join(folder, 'agent.json');
});

afterEach(() => rmSync(folder, {recursive: true}));

function noted(): unknown {
	return JSON.parse(readFileSync(agentInfo, 'utf8'));
}

test('a node belongs to who claimed it last', () => {
	const claim = claimNode({folder, agentInfo}, 3);
	expect(noted()).toMatchObject({pid: process.pid, generation: 3});
	expect(claim.holds()).toBe(true);
	writeFileSync(agentInfo, JSON.stringify({pid: 1, startTime: 1, bootId: 'other', generation: 3}));
	expect(claim.holds()).toBe(false);
	expect(() => claimNode({folder, agentInfo}, 2)).toThrow('generation 3 has begun, this is 2');
});

// On a full disk a killed agent could not claim its node again: that went down, and its instances with it.
test('where there is no room for another file, the note is written over', () => {
	writeFileSync(
		agentInfo,
		JSON.stringify({pid: 999_999, startTime: 1, bootId: 'other', generation: 3, more: 'x'.repeat(200)}),
	);
	mkdirSync(`${agentInfo}.new`);
	expect(claimNode({folder, agentInfo}, 3).holds()).toBe(true);
	expect(noted()).toMatchObject({pid: process.pid, generation: 3});
});
