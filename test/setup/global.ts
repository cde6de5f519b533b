import {spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';

const build = path.join(import.meta.dirname, '../../scripts/build.mjs');

/** Once for the whole run. */
export default function setup(): () => void {
	// Tests that start muster as a process must not meet an older one.
	const {status, stderr} = spawnSync(process.execPath, [build], {encoding: 'utf8'});
	if (status !== 0)
		process.stderr.write(`dist/ is not built anew, tests that start muster meet an older one:\n${stderr}\n`);

	// A test which forgets to make a MUSTER_HOME of its own never meets the user's.
	const home = mkdtempSync(path.join(tmpdir(), 'muster-test-'));
	process.env.MUSTER_HOME = home;
	return () => {
		rmSync(home, {recursive: true, force: true});
	};
}
