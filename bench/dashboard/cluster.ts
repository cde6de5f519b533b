import {spawn} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';

export type ClusterOptions = {
	readonly instances: number;
	readonly changesPerSecond?: number;
	readonly linesPerSecond?: number;
};

/** A cluster to look at, in a process of its own. */
export type Cluster = {
	/** MUSTER_HOME of who looks at it. */
	readonly folder: string;
	end(): Promise<void>;
};

export async function openCluster({
	instances,
	changesPerSecond = 0,
	linesPerSecond = 0,
}: ClusterOptions): Promise<Cluster> {
	const folder = mkdtempSync(path.join(tmpdir(), 'mb-'));
	const program = path.join(import.meta.dirname, 'cluster-process.ts');
	const figures = [instances, changesPerSecond, linesPerSecond].map(String);
	const child = spawn(process.execPath, [program, folder, ...figures], {stdio: ['pipe', 'pipe', 'inherit']});
	const exited = new Promise<void>(resolve => {
		child.once('exit', () => resolve());
	});
	await new Promise<void>((resolve, reject) => {
		child.stdout.once('data', () => resolve());
		child.once('exit', code => reject(new Error(`the cluster ended with ${code} before it could be asked`)));
	});
	return {
		folder,
		async end() {
			child.stdin.end();
			await exited;
			rmSync(folder, {recursive: true, force: true});
		},
	};
}
