import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, expect, test} from 'vitest';
import {discoverContexts} from '../../source/backends/index.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'muster-discover-'));
afterAll(() => rmSync(folder, {recursive: true}));

// It was said that there is no context, and not that the file is broken.
test('a kubeconfig that cannot be read is told, or thrown where it is asked for', async () => {
	const file = path.join(folder, 'broken');
	writeFileSync(file, 'clusters: [\n  - foo: {\n');
	const surroundings = {env: {KUBECONFIG: file}, homeFolder: folder, cwd: folder};
	const told: string[] = [];
	await discoverContexts(undefined, surroundings, (engine, {message}) => told.push(`${engine}: ${message}`));
	expect(told).toEqual([expect.stringMatching(/^k8s: the kubeconfig .*broken cannot be read: .*[^:]$/)]);
	await expect(discoverContexts('k8s', surroundings)).rejects.toThrow(/cannot be read/);
});
