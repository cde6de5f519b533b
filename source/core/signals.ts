import {ClusterError} from './error.ts';

/** What can be sent to an instance: the signals that POSIX knows, on every system by these names. */
export const signals = [
	...['SIGABRT', 'SIGALRM', 'SIGBUS', 'SIGCHLD', 'SIGCONT', 'SIGFPE', 'SIGHUP', 'SIGILL', 'SIGINT', 'SIGIO', 'SIGKILL'],
	...['SIGPIPE', 'SIGPROF', 'SIGQUIT', 'SIGSEGV', 'SIGSTOP', 'SIGSYS', 'SIGTERM', 'SIGTRAP', 'SIGTSTP', 'SIGTTIN'],
	...['SIGTTOU', 'SIGURG', 'SIGUSR1', 'SIGUSR2', 'SIGVTALRM', 'SIGWINCH', 'SIGXCPU', 'SIGXFSZ'],
];

/** The numbers that are the same everywhere. */
const byNumber: Readonly<Record<string, string>> = {
	1: 'SIGHUP',
	2: 'SIGINT',
	3: 'SIGQUIT',
	6: 'SIGABRT',
	9: 'SIGKILL',
	14: 'SIGALRM',
	15: 'SIGTERM',
};

/** `TERM`, `sigterm`, `15` → SIGTERM; what is none of them in the same spelling. */
export function signalName(text: string): string {
	const name = text.toUpperCase();
	return byNumber[name] ?? (name.startsWith('SIG') ? name : `SIG${name}`);
}

/** The text, where it names a signal. Throws `usage`. */
export function checkSignal(text: string): string {
	if (!signals.includes(signalName(text))) {
		throw new ClusterError('usage', `${JSON.stringify(text)} is not a signal such as TERM, SIGKILL or 9`);
	}

	return text;
}
