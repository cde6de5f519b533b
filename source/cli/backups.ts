import type {Home} from '../backends/local/home.ts';
import type {Backups} from '../commands/host.ts';
import {realClock} from '../daemon/clock.ts';

/** Backups as the commands see them; what it takes is loaded when it is asked for. */
export function backupsOf(home: Home, version: string): Backups {
	const load = () => import('../daemon/backup/index.ts');
	return {
		async backup(options) {
			const {backup} = await load();
			return backup(home, {...options, version, now: realClock.now()});
		},
		async planRestore(file) {
			const {planRestore} = await load();
			const {manifest, replaces} = await planRestore(home, file);
			return {...manifest, replaces};
		},
		async restore(file) {
			const {restore} = await load();
			return restore(home, file, realClock.now());
		},
		async backupVolume(folder, file) {
			const {backupVolume} = await load();
			return backupVolume(folder, file);
		},
		async planVolume(folder, file) {
			const {planVolume} = await load();
			return planVolume(folder, file);
		},
		async restoreVolume(folder, file) {
			const {restoreVolume} = await load();
			return restoreVolume(folder, file);
		},
	};
}
