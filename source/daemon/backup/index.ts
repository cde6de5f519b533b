export {backup} from './backup.ts';
export {planRestore, restore} from './restore.ts';
export {backupVolume, planVolume, restoreVolume} from './volume.ts';
