import {existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {expect, test} from 'vitest';
import {homeOf, instancePaths, prepareHome} from '../../../source/backends/local/home.ts';
import {removeLostLogs} from '../../../source/daemon/leftovers/lost-logs.ts';
import {createMemoryStore} from '../../../source/orchestrator/store/memory-store.ts';
import {anInstance} from '../../helpers/objects.ts';

test('logs stay while the store knows their instance; what an agent knows is its own', () => {
	const root = mkdtempSync(path.join(tmpdir(), 'muster-lost-'));
	const home = homeOf({MUSTER_HOME: root}, {temporary: tmpdir(), cwd: root});
	prepareHome(home);
	const folder = (id: string, file: string) => {
		const {folder} = instancePaths(home, 'n1', id);
		mkdirSync(folder, {recursive: true});
		writeFileSync(path.join(folder, file), '');
		return folder;
	};

	const folders = {
		kept: folder('kept', 'stdout.log'),
		unknown: folder('unknown', 'stdout.log'),
		agents: folder('agents', 'notes'),
	};
	const found = () => Object.values(folders).map(each => existsSync(each));
	const store = createMemoryStore();
	const kept = {...anInstance('web.1', {nodeName: 'n1'}), id: 'kept'};
	store.transact(false, 0, tx => tx.put('instance', kept));
	removeLostLogs(home, store);
	expect(found()).toEqual([true, false, true]);
	store.transact(false, 0, tx => tx.remove('instance', 'kept'));
	expect(found()).toEqual([false, false, true]);
	rmSync(root, {recursive: true});
});
