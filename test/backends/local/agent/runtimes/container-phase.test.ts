import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {
	beginPhase,
	readPhase,
	tellPhase,
	watchPhase,
} from '../../../../../source/backends/local/agent/runtimes/container-phase.ts';
import {until} from '../../../../helpers/local-engine.ts';

function watched() {
	const folder = mkdtempSync(path.join(tmpdir(), 'muster-phase-'));
	onTestFinished(() => rmSync(folder, {recursive: true}));
	const order = path.join(folder, 'container.json');
	const told: string[] = [];
	const watch = () => {
		onTestFinished(
			watchPhase(
				order,
				text => told.push(text),
				() => told.push('runs'),
			),
		);
	};

	return {order, told, watch};
}

test('how far a container has come is told until it runs', async () => {
	const {order, told, watch} = watched();
	beginPhase(order);
	watch();
	tellPhase(order, 'pulls web:1');
	await until(() => told.includes('pulls web:1'));
	tellPhase(order);
	await until(() => told.includes('runs'));
	expect(told).toEqual(['is being made', 'pulls web:1', 'runs']);
	expect(readPhase(order)).toBeUndefined();
	tellPhase(order, 'Docker does not answer');
	expect(readPhase(order)).toBe('Docker does not answer');
});

// After an upgrade they were never healthy again.
test('one that an older version has started runs', () => {
	const {told, watch} = watched();
	watch();
	expect(told).toEqual(['runs']);
});
