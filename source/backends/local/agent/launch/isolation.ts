import {existsSync, readlinkSync} from 'node:fs';
import path from 'node:path';
import type {IsolationTrait} from '../../../../core/model/index.ts';
import {childrenOf} from '../../system/proc.ts';
import type {Bind} from './attachments.ts';
import type {User} from './user.ts';

/** What an instance is to be kept apart by. */
export type Apart = {readonly traits: readonly IsolationTrait[]; readonly binds: readonly Bind[]; readonly tmp: string};

export type Isolated = {
	/** Becomes the command, by way of the system's own tools. */
	readonly command: readonly string[];
	/** The other user is become by the command itself. */
	readonly becomesUser: boolean;
	/** For `inspect`. */
	readonly said: readonly string[];
};

/** Within its own view of the file system: mounts what it is told to, and becomes the command. */
const script = `fail() { echo "muster: cannot mount $1" >&2; exit 126; }
while [ "$1" != -- ]; do
	case $1 in
	bind) mount --bind "$2" "$3" || fail "$3" ;;
	read-only) mount --bind "$2" "$3" && mount -o remount,bind,ro "$3" || fail "$3" ;;
	tmpfs) mount -t tmpfs -o "$2" tmpfs "$3" || fail "$3" ;;
	esac
	shift 3
done
shift
[ "$0" = muster-first ] || exec "$@"
trap : HUP INT QUIT TERM USR1 USR2 ALRM
(exec "$@")
exit $?`;

/** To the first process of a system the kernel delivers no signal that it does not ask for: the shell stays that, and the
 *  command, which is in the same process group, hears of each by itself. */
const firstName = 'muster-first';
const mountName = 'muster-mount';

const folders = ['/usr/bin', '/bin', '/usr/sbin', '/sbin'];

function tool(name: string): string | undefined {
	return folders.map(folder => path.join(folder, name)).find(file => existsSync(file));
}

/** Throws a sentence where what was asked for is not to be had: an instance is never less apart than it was asked to be. */
export function isolate(command: readonly string[], {traits, binds, tmp}: Apart, user: User | undefined): Isolated {
	const needsView = hasView({traits, binds});
	if (!needsView && traits.length === 0) {
		return {command, becomesUser: false, said: []};
	}

	const setpriv = tool('setpriv');
	const unshare = tool('unshare');
	if (traits.includes('no-new-privileges') && !setpriv) {
		throw new Error('no-new-privileges needs setpriv, which this machine has not');
	}

	if (needsView) {
		refuseView(unshare, binds);
	}

	const mayBecome = needsView && user !== undefined;
	const privileges = privilegeWords(mayBecome ? user : undefined, traits);
	if (mayBecome && !setpriv) {
		throw new Error('another user within an own view of the file system needs setpriv, which this machine has not');
	}

	const inner = privileges.length > 0 && setpriv ? [setpriv, ...privileges, '--', ...command] : command;
	if (!needsView || !unshare) {
		return {command: inner, becomesUser: false, said: traits};
	}

	const processes = traits.includes('own-processes') ? ['--pid', '--fork', '--kill-child', '--mount-proc'] : [];
	const mounts = [...(traits.includes('private-tmp') ? ['bind', tmp, '/tmp'] : []), ...binds.flatMap(mountWords)];
	return {
		command: [
			unshare,
			'--mount',
			'--propagation',
			'private',
			...processes,
			'/bin/sh',
			'-c',
			script,
			processes.length > 0 ? firstName : mountName,
			...mounts,
			'--',
			...inner,
		],
		becomesUser: mayBecome,
		said: [...traits, ...(binds.length > 0 ? ['mounts of its own'] : [])],
	};
}

function hasView({traits, binds}: Pick<Apart, 'traits' | 'binds'>): boolean {
	return binds.length > 0 || traits.includes('private-tmp') || traits.includes('own-processes');
}

/**
 * What stands before a command that is to see what an instance sees, begun as root; undefined: it sees what all see, or is not
 * there yet. `leaderPid`: of its shim, below which it runs. Without a folder it begins where the instance did, which may be hidden
 * from it by now.
 */
export function enterView(
	leaderPid: number,
	{traits, binds}: Apart,
	{user, workdir, tty}: {readonly user: User | undefined; readonly workdir: string | undefined; readonly tty: boolean},
): readonly string[] | undefined {
	const nsenter = tool('nsenter');
	const setsid = tool('setsid');
	const setpriv = tool('setpriv');
	const kind = traits.includes('own-processes') ? 'pid' : 'mnt';
	const pid = hasView({traits, binds}) && nsenter ? findOther(leaderPid, kind) : undefined;
	if (nsenter === undefined || pid === undefined) {
		return undefined;
	}

	const privileges = privilegeWords(user, traits);
	return [
		...[nsenter, '--target', String(pid), '--mount', '--wd', ...(kind === 'pid' ? ['--pid'] : []), '--'],
		// A shell that is to have the terminal must be in a group that has a number in there.
		...(tty && kind === 'pid' && setsid ? [setsid, '--ctty', '--wait'] : []),
		...(privileges.length > 0 && setpriv ? [setpriv, ...privileges, '--'] : []),
		...(workdir === undefined ? [] : ['/bin/sh', '-c', 'cd "$0" && exec "$@"', workdir]),
	];
}

/** For setpriv. */
function privilegeWords(user: User | undefined, traits: readonly IsolationTrait[]): readonly string[] {
	return [
		...(user ? ['--reuid', String(user.uid), '--regid', String(user.gid), '--clear-groups'] : []),
		...(traits.includes('no-new-privileges') ? ['--no-new-privs'] : []),
	];
}

/** The first below a process that is in another namespace of this kind than this one. */
function findOther(leaderPid: number, kind: 'mnt' | 'pid'): number | undefined {
	const own = readlinkSync(`/proc/self/ns/${kind}`);
	for (let pids = [leaderPid]; pids.length > 0; pids = pids.flatMap(childrenOf)) {
		const found = pids.find(pid => namespaceOf(pid, kind) !== own);
		if (found !== undefined) {
			return found;
		}
	}

	return undefined;
}

/** Of one that has ended meanwhile that of this one. */
function namespaceOf(pid: number, kind: 'mnt' | 'pid'): string {
	try {
		return readlinkSync(`/proc/${pid}/ns/${kind}`);
	} catch {
		return readlinkSync(`/proc/self/ns/${kind}`);
	}
}

function refuseView(unshare: string | undefined, binds: readonly Bind[]): void {
	if (!unshare || !tool('mount')) {
		throw new Error('an own view of the file system needs unshare and mount, which this machine has not');
	}

	if (process.getuid?.() !== 0) {
		throw new Error(
			'an own view of the file system (absolute targets, private-tmp, own-processes) needs muster to run as root',
		);
	}

	const missing = binds.find(({target}) => !existsSync(target));
	if (missing) {
		throw new Error(
			`${missing.target} is not there to be mounted over: make it, or take a target below the working folder`,
		);
	}
}

function mountWords(bind: Bind): string[] {
	if (bind.type === 'tmpfs') {
		const size = bind.sizeBytes === undefined ? '' : `,size=${bind.sizeBytes}`;
		return ['tmpfs', `mode=0777,nosuid,nodev${size}`, bind.target];
	}

	return [bind.readOnly ? 'read-only' : 'bind', bind.source, bind.target];
}
