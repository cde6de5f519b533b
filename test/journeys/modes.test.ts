import {spawnSync} from 'node:child_process';
import {chmodSync, lstatSync, readdirSync} from 'node:fs';
import path from 'node:path';
import {expect, test} from 'vitest';
import {command, openHome} from '../../bench/local/home.ts';

// The folder of compiled code was made by Node: whoever could write there could have said what the next command runs.
test('what lies in a home is for its owner alone, also where the umask takes nothing away', async () => {
	const home = openHome();
	try {
		chmodSync(home.folder, 0o755);
		const script = [
			'umask 000',
			'"$0" secret create --literal a=b key',
			'"$0" volume create data',
			'"$0" service create --name web --replicas 2 --secret key --mount source=data,target=data nodejs',
			'"$0" daemon listen tcp://127.0.0.1:0 || true',
			'"$0" backup "$MUSTER_HOME/all.tar"',
		].join('\n');
		const env = {...process.env, MUSTER_HOME: home.folder};
		const {stderr} = spawnSync('sh', ['-ec', script, command], {env, encoding: 'utf8', timeout: 60_000});
		expect(stderr).toContain('web: 2 of 2 healthy');
		expect(openTo(home.folder)).toEqual([]);
		expect(readdirSync(home.folder)).toEqual(['all.tar', 'cache', 'config', 'run', 'state']);
	} finally {
		await home.end();
	}
});

/** What others may look into or change, with their right to come to it. */
function openTo(folder: string): string[] {
	return readdirSync(folder)
		.map(name => path.join(folder, name))
		.flatMap(file => {
			const {mode} = lstatSync(file);
			const isOpen = (mode & 0o077) !== 0;
			return isOpen ? [`${(mode & 0o777).toString(8)} ${file}`] : [];
		});
}
