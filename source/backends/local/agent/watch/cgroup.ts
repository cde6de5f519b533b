import {accessSync, chownSync, constants, existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import type {Limits} from '../../../../core/model/index.ts';
import {homeHash} from '../../home.ts';
import {identify} from '../../system/process-identity.ts';
import type {User} from '../launch/user.ts';

/** The control group of one instance. */
export type Cgroup = {
	/** Whoever writes its pid there belongs to it, with all that it starts. */
	readonly joinFiles: readonly string[];
	/** What the kernel killed in it for want of memory. */
	oomKills(): number;
	/** The most memory that it had. */
	peakBytes(): number | undefined;
	/** What it has now, less what the kernel could drop at once. */
	memoryBytes(): number | undefined;
	/** Kills what is in it by SIGKILL; how many that were. */
	killAll(): number;
	/** False while something of it is still there. */
	remove(): boolean;
};

export type Cgroups = {
	readonly version: 'v1' | 'v2';
	/** What can be limited. */
	readonly controllers: readonly Controller[];
	/** Makes an instance's group with its limits, which `user` may join. Throws when it cannot be made. */
	create(instanceId: string, limits: Limits, user?: User): Cgroup;
	/** That of an instance that is there already. */
	open(instanceId: string): Cgroup;
};

type Controller = 'memory' | 'cpu';
type Folders = Readonly<Partial<Record<Controller, string>>>;
type Mount = {readonly folder: string; readonly type: string; readonly options: readonly string[]};

const cpuPeriodUs = 100_000;
/** The least that the kernel takes. */
const minQuotaUs = 1000;

/** The control groups that this process may make; undefined where there are none. */
export function findCgroups(root: string, mounts = readMounts()): Cgroups | undefined {
	const name = `muster-${homeHash(root)}`;
	return findV1(name, mounts) ?? findV2(name, mounts);
}

function readMounts(): Mount[] {
	return read('/proc/self/mounts')
		.split('\n')
		.map(line => line.split(' '))
		.map(([, folder = '', type = '', options = '']) => ({folder, type, options: options.split(',')}))
		.filter(({type}) => type.startsWith('cgroup'));
}

function findV1(name: string, mounts: readonly Mount[]): Cgroups | undefined {
	const mountOf = (controller: Controller, probe: string) => {
		const mount = mounts.find(({type, options}) => type === 'cgroup' && options.includes(controller));
		return mount && isWritable(mount.folder) && existsSync(path.join(mount.folder, probe)) ? mount.folder : undefined;
	};

	const memory = mountOf('memory', 'memory.usage_in_bytes');
	const cpu = mountOf('cpu', 'cpu.cfs_quota_us');
	const folders = {...(memory ? {memory} : {}), ...(cpu ? {cpu} : {})};
	return memory || cpu ? cgroupsIn('v1', name, folders) : undefined;
}

/** The nearest group above this process's own that may be written and hands both controllers on. */
function findV2(name: string, mounts: readonly Mount[]): Cgroups | undefined {
	const mount = mounts.find(({type}) => type === 'cgroup2');
	const own = /^0::(\/.*)$/m.exec(read('/proc/self/cgroup'))?.[1];
	if (!mount || own === undefined) {
		return undefined;
	}

	let folder = path.join(mount.folder, own);
	for (; ; folder = path.dirname(folder)) {
		const controllers = read(path.join(folder, 'cgroup.subtree_control')).trim().split(' ');
		if (isWritable(folder) && controllers.includes('memory')) {
			const cpu = controllers.includes('cpu') ? {cpu: folder} : {};
			return cgroupsIn('v2', name, {memory: folder, ...cpu});
		}

		if (folder === mount.folder || folder === '/') {
			return undefined;
		}
	}
}

function cgroupsIn(version: 'v1' | 'v2', name: string, bases: Folders): Cgroups {
	const controllers = Object.keys(bases) as Controller[];
	const foldersOf = (instanceId: string): Folders =>
		Object.fromEntries(
			controllers.map(controller => [controller, path.join(bases[controller] ?? '', name, instanceId)]),
		);
	return {
		version,
		controllers,
		create(instanceId, limits, user) {
			if (user && version === 'v2') {
				throw new Error('another user cannot join one');
			}

			const folders = foldersOf(instanceId);
			for (const folder of new Set(Object.values(folders))) {
				mkdirSync(path.dirname(folder), {recursive: true});
				if (version === 'v2') {
					write(path.dirname(folder), 'cgroup.subtree_control', controllers.map(each => `+${each}`).join(' '));
				}

				mkdirSync(folder, {recursive: true});
			}

			setLimits(version, folders, limits);
			const cgroup = cgroupAt(version, folders);
			for (const file of user ? cgroup.joinFiles : []) {
				chownSync(file, user?.uid ?? 0, user?.gid ?? 0);
			}

			return cgroup;
		},
		open: instanceId => cgroupAt(version, foldersOf(instanceId)),
	};
}

function setLimits(version: 'v1' | 'v2', {memory, cpu}: Folders, {memoryBytes, cpus}: Limits): void {
	if (memory && memoryBytes !== undefined) {
		if (version === 'v2') {
			write(memory, 'memory.max', memoryBytes);
			writeIfThere(memory, 'memory.swap.max', 0);
			writeIfThere(memory, 'memory.oom.group', 1);
		} else {
			write(memory, 'memory.limit_in_bytes', memoryBytes);
			writeIfThere(memory, 'memory.memsw.limit_in_bytes', memoryBytes);
		}
	}

	if (cpu && cpus !== undefined) {
		const quotaUs = Math.max(minQuotaUs, Math.round(cpus * cpuPeriodUs));
		if (version === 'v2') {
			write(cpu, 'cpu.max', `${quotaUs} ${cpuPeriodUs}`);
		} else {
			write(cpu, 'cpu.cfs_period_us', cpuPeriodUs);
			write(cpu, 'cpu.cfs_quota_us', quotaUs);
		}
	}
}

function cgroupAt(version: 'v1' | 'v2', folders: Folders): Cgroup {
	const all = [...new Set(Object.values(folders))];
	const memory = folders.memory ?? '';
	const figure = (name: string) => numberIn(read(path.join(memory, name)));
	return {
		joinFiles: all.map(folder => path.join(folder, 'cgroup.procs')),
		oomKills: () =>
			field(read(path.join(memory, version === 'v2' ? 'memory.events' : 'memory.oom_control')), 'oom_kill'),
		peakBytes: () => figure(version === 'v2' ? 'memory.peak' : 'memory.max_usage_in_bytes'),
		memoryBytes() {
			const used = figure(version === 'v2' ? 'memory.current' : 'memory.usage_in_bytes');
			const idle = field(
				read(path.join(memory, 'memory.stat')),
				version === 'v2' ? 'inactive_file' : 'total_inactive_file',
			);
			return used === undefined ? undefined : Math.max(0, used - idle);
		},
		killAll: () => pidsIn(all).filter(kill).length,
		remove: () => all.filter(folder => !removeFolder(folder)).length === 0,
	};
}

function pidsIn(folders: readonly string[]): number[] {
	const texts = folders.map(folder => read(path.join(folder, 'cgroup.procs')));
	return [...new Set(texts.flatMap(text => text.split('\n').map(Number).filter(Boolean)))];
}

/** False when it is gone, or its zombie waits to be reaped: then there is nothing to wait for. */
function kill(pid: number): boolean {
	try {
		process.kill(pid, 'SIGKILL');
		return identify(pid) !== undefined;
	} catch {
		return false;
	}
}

/** The home's own folder goes with the last instance. */
function removeFolder(folder: string): boolean {
	try {
		rmdirSync(folder);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
			return false;
		}
	}

	try {
		rmdirSync(path.dirname(folder));
	} catch {
		// Others are in there.
	}

	return true;
}

function isWritable(folder: string): boolean {
	try {
		accessSync(folder, constants.W_OK);
		return true;
	} catch {
		return false;
	}
}

function write(folder: string, name: string, value: number | string): void {
	writeFileSync(path.join(folder, name), String(value));
}

function writeIfThere(folder: string, name: string, value: number): void {
	if (existsSync(path.join(folder, name))) {
		write(folder, name, value);
	}
}

function read(file: string): string {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		return '';
	}
}

function numberIn(text: string): number | undefined {
	return /^\d+\s*$/.test(text) ? Number(text) : undefined;
}

function field(text: string, name: string): number {
	return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
}
