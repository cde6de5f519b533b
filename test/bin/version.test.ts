import {execFileSync} from 'node:child_process';
import path from 'node:path';
import {expect, test} from 'vitest';

const project = path.resolve(import.meta.dirname, '../..');

// Two builds of one version were the same to an upgrade, which then did nothing.
test('the version names the build besides, which an upgrade tells apart', () => {
	const said = execFileSync('sh', [path.join(project, 'bin/muster'), '--version'], {encoding: 'utf8'});
	expect(said).toMatch(/^muster \d+\.\d+\.\d+\+[\da-f]{8}\n$/);
});
