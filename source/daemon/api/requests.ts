import type {
	ApplyRequest,
	AttachQuery,
	ConnectQuery,
	ExecQuery,
	ListQuery,
	LogsQuery,
	RemoveRequest,
} from '../../backends/local/protocol.ts';
import {type Role, roles} from '../../core/access.ts';
import type {Ref} from '../../core/backend.ts';
import {kinds} from '../../core/model/index.ts';
import {signals} from '../../core/signals.ts';
import {
	type Check,
	flag,
	integer,
	list,
	milliseconds,
	oneOf,
	optional,
	record,
	refuse,
	shape,
	text,
} from '../../core/spec/check.ts';

/** Takes what came from outside as what it must be; throws ClusterError `usage` that names what is wrong. */
export type Reader<T> = (value: unknown) => T;

const word = text(4096);
const anyObject = record(1000, {allowed: 'any text', pattern: /^/}, () => []);
const anyRef = shape({kind: oneOf(...kinds), id: optional(word), name: word, scope: optional(word)});
const writableRef = shape({
	kind: oneOf('service', 'node', 'network', 'volume', 'config', 'secret', 'pool'),
	id: optional(word),
	name: word,
	scope: optional(word),
});

function reader<T>(path: string, members: Readonly<Record<string, Check>>): Reader<T> {
	const check = shape(members);
	return value => {
		refuse(check(value, path));
		return value as T;
	};
}

/** A member of a query that is forgotten here does not compile. */
const listQuery: {readonly [P in keyof Required<ListQuery>]: Check} = {
	kind: oneOf(...kinds),
	id: optional(word),
	name: optional(word),
	scope: optional(word),
	serviceId: optional(word),
	nodeId: optional(word),
	history: optional(flag),
	limit: optional(integer(0, 1_000_000)),
	usage: optional(flag),
};

export const readListQuery = reader<ListQuery>('query', listQuery);

export const readApply = reader<ApplyRequest>('request', {
	ref: writableRef,
	patch: anyObject,
	ifRevision: optional(word),
	create: optional(flag),
});

export const readRemove = reader<RemoveRequest>('request', {ref: anyRef, ifRevision: optional(word)});

export const readLogsQuery = reader<LogsQuery>('query', {
	instanceIds: list(100_000, word),
	follow: flag,
	serviceId: optional(word),
	sinceAt: optional(integer(0, Number.MAX_SAFE_INTEGER)),
	tail: optional(integer(0, 10_000_000)),
});

export const readHistory = reader<Ref<'service'>>('query', {kind: oneOf('service'), id: optional(word), name: word});

export const readKill = reader<{readonly instanceId: string; readonly signal: string}>('request', {
	instanceId: word,
	signal: oneOf(...signals),
});

export const readMove = reader<{readonly instanceIds: readonly string[]}>('request', {instanceIds: list(1000, word)});

export const readFailNode = reader<{readonly nodeId: string; readonly forMs: number}>('request', {
	nodeId: word,
	forMs: integer(0, 365 * 86_400_000),
});

export const readImage = reader<{readonly path: string; readonly name?: string}>('request', {
	path: word,
	name: optional(word),
});

const accessName = text(63, 'a name of a-z, A-Z, 0-9, "@", ".", "_" and "-"', /^[A-Za-z0-9][-A-Za-z0-9@._]*$/);
const accessTime = milliseconds(60_000, 3650 * 86_400_000);

export const readGrant = reader<{readonly name: string; readonly role: Role; readonly forMs: number}>('request', {
	name: accessName,
	role: oneOf(...roles),
	forMs: accessTime,
});

export const readRotate = reader<{readonly name: string; readonly forMs: number}>('request', {
	name: word,
	forMs: accessTime,
});

export const readRevoke = reader<{readonly name: string}>('request', {name: word});

/** Neither: it listens no more. */
export const readListen = reader<{readonly host?: string; readonly port?: number}>('request', {
	host: optional(word),
	port: optional(integer(0, 65_535)),
});

export const readStop = reader<{readonly all: boolean}>('request', {all: flag});

const size = shape({columns: integer(1, 65_535), rows: integer(1, 65_535)});

export const readExec = reader<ExecQuery>('query', {
	instanceId: word,
	command: list(10_000, text(131_071)),
	tty: flag,
	stdin: flag,
	env: optional(anyObject),
	workdir: optional(word),
	size: optional(size),
});

export const readAttach = reader<AttachQuery>('query', {instanceId: word, size: optional(size)});

export const readConnect = reader<ConnectQuery>('query', {instanceId: word, port: integer(1, 65_535)});
