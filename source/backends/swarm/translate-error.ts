import {ClusterError, type ErrorCode} from '../../core/error.ts';
import {stripControl} from '../../core/text/text.ts';

/** What the engine says, told as what it means: the first row that fits. */
const meanings: ReadonlyArray<{
	readonly says: RegExp;
	readonly code: ErrorCode;
	readonly message?: string;
	readonly hint?: string;
}> = [
	{
		says: /does not have a leader|not possible to elect|lost quorum/i,
		code: 'unreachable',
		message:
			'The swarm has no leader: too few of its managers can be reached. What runs goes on, but nothing can be changed.',
		hint: 'Bring managers back; where they are gone for good, `muster swarm init --force-new-cluster`, in the context of one that is left.',
	},
	{
		says: /context deadline exceeded|DeadlineExceeded/i,
		code: 'unreachable',
		message: 'The manager did not get an answer from the rest of the swarm in time: it may have lost its majority.',
		hint: 'See `muster node ls` on another manager.',
	},
	{
		says: /not a swarm manager.*(can't be used|Worker)/i,
		code: 'unsupported',
		message: 'This node is a worker of its swarm, and only managers tell about it.',
	},
	{
		says: /not a swarm manager|not part of a swarm/i,
		code: 'unsupported',
		message: 'This Docker engine is not part of a swarm.',
		hint: '`muster swarm init -c CONTEXT` makes it the first node of one; `muster node add -c OTHER ADDRESS`, in the context of another swarm, takes it in there.',
	},
	{
		says: /needs to be unlocked/i,
		code: 'unreachable',
		message: 'This manager is locked.',
		hint: '`muster swarm unlock -c CONTEXT` asks for its key.',
	},
	{
		says: /already part of a swarm/i,
		code: 'conflict',
		message: 'The engine is a node of a swarm already.',
		hint: '`muster swarm leave -c CONTEXT`, in its own context, takes it out of that one.',
	},
	{
		says: /attempting to demote the last manager/i,
		code: 'conflict',
		message: 'It is the last manager: without one the swarm would lose all that it knows.',
		hint: '`muster node promote` another one first.',
	},
	{
		says: /attempting to leave the swarm on a node that is participating as a manager|last manager/i,
		code: 'conflict',
		message: 'The node is a manager: the others would go on counting on it, and where it is the last one, all is lost.',
		hint: '`muster node demote` first; --force leaves all the same.',
	},
	{
		says: /invalid join token/i,
		code: 'not-allowed',
		message: 'The join token is not one of that swarm, or was rotated.',
	},
	{
		says: /timeout was reached before node joined/i,
		code: 'timeout',
		message: 'The engine has not joined yet: it cannot reach the managers, and goes on trying.',
		hint: 'Managers listen at port 2377 of the address that they advertise. `muster swarm leave` on it ends its attempts.',
	},
	{
		says: /could not choose an IP address to advertise/i,
		code: 'usage',
		hint: 'Choose one with --advertise-addr.',
	},
	{says: /swarm is not locked/i, code: 'conflict', message: 'This manager is not locked.'},
	{
		says: /invalid key|unable to (unlock|decrypt)|could not decrypt|invalid unlock key/i,
		code: 'not-allowed',
		message: 'That key does not unlock it.',
		hint: '`muster swarm unlock-key`, in the context of a manager that is not locked, shows the present one.',
	},
	{
		says: /update out of sequence/i,
		code: 'conflict',
		message: 'It was changed by somebody else meanwhile.',
		hint: 'Look at it again, and repeat the change.',
	},
	{says: /name conflicts with an existing object|already exists|already in use/i, code: 'conflict'},
	{
		says: /node .* is not down and can't be removed|is not down/i,
		code: 'conflict',
		message: 'The node is up: it must leave the swarm first.',
		hint: '`muster node leave` takes it out, through its own engine.',
	},
	{
		says: /is a cluster manager and is a member of the raft cluster/i,
		code: 'conflict',
		message: 'The node is a manager.',
		hint: 'muster node demote takes that from it first.',
	},
	{says: /in use by|is in use/i, code: 'conflict'},
	{says: /not found|no such/i, code: 'not-found'},
];

const statusCodes: Readonly<Record<number, ErrorCode>> = {
	400: 'usage',
	401: 'not-allowed',
	403: 'not-allowed',
	404: 'not-found',
	409: 'conflict',
	501: 'unsupported',
	503: 'unsupported',
};

/** An answer other than success. */
export function fromStatus(status: number, text: string, where: string): ClusterError {
	const said = plain(text);
	const meaning = meanings.find(({says}) => says.test(said));
	const code = meaning?.code ?? statusCodes[status] ?? 'failed';
	const message = meaning?.message ?? `the engine at ${where} said: ${said || `status ${status}`}`;
	const cause = new Error(`status ${status}: ${said}`);
	return new ClusterError(code, message, {cause, ...(meaning?.hint !== undefined && {hint: meaning.hint})});
}

/** gRPC's wrapping says nothing to anybody. */
function plain(text: string): string {
	return stripControl(text)
		.replace(/^rpc error: code = \w+ desc = /, '')
		.replace(/^Error response from daemon: /, '')
		.trim();
}

const reasons: Readonly<Record<string, string>> = {
	ENOENT: 'there is no such socket',
	ECONNREFUSED: 'nobody listens there',
	ECONNRESET: 'the connection was cut',
	EPIPE: 'the connection was cut',
	EHOSTUNREACH: 'there is no way to that host',
	ENETUNREACH: 'there is no way to that network',
	ENOTFOUND: 'there is no such host',
	EAI_AGAIN: 'the name of the host cannot be looked up',
};

/** What ssh says in many lines, or in few; the first that fits. */
const sshReasons: ReadonlyArray<readonly [said: RegExp, why: string, hint: (host: string) => string]> = [
	[
		/REMOTE HOST IDENTIFICATION HAS CHANGED/,
		'it shows another host key than the one that is known',
		host =>
			`Somebody else may answer there. Only where the host was set up anew: ssh-keygen -R ${host}, then ssh ${host}.`,
	],
	[
		/Host key verification failed/,
		'its host key is not known',
		host => `The command ssh ${host} shows its key to compare, and keeps it.`,
	],
	[
		/Permission denied \((?<ways>[\w,-]+)\)/,
		'it refuses the login ($<ways>)',
		host =>
			`ssh ${host} must work without a question: a key in the agent (ssh-add), or an IdentityFile in the settings of ssh.`,
	],
];

function fromSsh(where: string, cause: Error): ClusterError {
	const host = /^ssh:\/\/(?:[^@/]*@)?([^:/]+)/.exec(where)?.[1] ?? 'HOST';
	const said = cause.message.trim();
	for (const [pattern, why, hint] of sshReasons) {
		const [found] = pattern.exec(said) ?? [];
		if (found !== undefined) return notThere(where, found.replace(pattern, why), {cause, hint: hint(host)});
	}

	const last = said.split('\n').at(-1) ?? said;
	return notThere(where, stripControl(last).replace(/\.$/, ''), {cause});
}

function notThere(where: string, why: string, options: {cause: Error; hint?: string}): ClusterError {
	return new ClusterError('unreachable', `The Docker engine at ${where} cannot be reached: ${why}.`, options);
}

/** No answer at all. */
export function notReached(where: string, thrown: unknown): ClusterError {
	if (thrown instanceof ClusterError) return thrown;
	const error = thrown instanceof Error ? thrown : new Error(String(thrown));
	const {code = ''} = error as NodeJS.ErrnoException;
	if (code === 'EACCES' || code === 'EPERM') {
		return new ClusterError('not-allowed', `You may not open ${where}.`, {
			cause: error,
			hint: 'Membership in the group docker, or root, is needed.',
		});
	}

	if (code === 'ESSH') return fromSsh(where, error);
	const why = reasons[code] ?? stripControl(error.message);
	const isTls = /certificate|SSL|TLS|self-signed|ERR_TLS/i.test(`${code} ${error.message}`);
	return notThere(where, why, {
		cause: error,
		...(isTls && {hint: 'Its certificate must be signed by the ca.pem of the context, and yours by its own.'}),
	});
}

/** What dockerode throws. */
export function fromDockerode(thrown: unknown, where: string): ClusterError {
	if (thrown instanceof ClusterError) return thrown;
	const {statusCode, json, message} = thrown as {
		statusCode?: number;
		json?: {message?: string} | null;
		message?: string;
	};
	return typeof statusCode === 'number'
		? fromStatus(statusCode, json?.message ?? String(message ?? '').replace(/^\(HTTP code \d+\) .*? - /, ''), where)
		: notReached(where, thrown);
}
