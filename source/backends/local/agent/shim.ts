import {constants} from 'node:os';
import type {ProcessEnd} from '../../../core/instance-step.ts';
import {readExitText} from '../instance-notes.ts';

/**
 * What stands between an agent and an instance's command: a POSIX shell that leads the session and its process group,
 * outlives every signal to the group but SIGKILL and SIGSTOP, and writes down how the command ended. It reports by a file
 * that is open already (descriptor 3) and long enough: one write in place, which needs no right in the folder when the
 * instance runs as another user, no further process, and no room on a full disk.
 *
 * What the shell itself says goes there too: most name the signal that killed the command, which tells 137 the signal from
 * 137 the code. Arguments: files to write the own pid to (control groups), `--`, the command.
 */
const script = `trap : HUP INT QUIT ILL TRAP ABRT BUS FPE SEGV PIPE ALRM TERM USR1 USR2 SYS VTALRM XCPU XFSZ
exec 4>&2 2>&3
while [ "$1" != -- ]; do
	echo $$ >"$1" || { echo exit 126 >&3; exit 126; }
	shift
done
shift
(exec "$@" 2>&4 3>&- 4>&-)
code=$?
echo "exit $code" >&3
exit $code`;

/** Puts itself into the control groups, and becomes the command. */
const joinScript = `while [ "$1" != -- ]; do
	echo $$ >"$1" || exit 126
	shift
done
shift
exec "$@"`;

/** By this word among its arguments a shim is known. */
export const shimName = 'muster-shim';

const signalNames = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

export function shimArguments(command: readonly string[], joinFiles: readonly string[]): string[] {
	return ['-c', script, shimName, ...joinFiles, '--', ...command];
}

/** A command that runs within these control groups. */
export function joinCommand(command: readonly string[], joinFiles: readonly string[]): string[] {
	return ['/bin/sh', '-c', joinScript, 'muster-join', ...joinFiles, '--', ...command];
}

/** Undefined while the command runs, and for ever when the shim died before it. */
export function readExit(file: string): ProcessEnd | undefined {
	const text = readExitText(file);
	const found = /exit (\d+)\n/.exec(text);
	if (!found) {
		return undefined;
	}

	const code = Number(found[1]);
	const signal = signalNames.get(code - 128);
	const wasKilled = signal !== undefined && text.slice(0, found.index).trim() !== '';
	return wasKilled ? {type: 'signalled', code, signal} : {type: 'exited', code};
}
