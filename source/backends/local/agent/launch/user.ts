import {readFileSync} from 'node:fs';

export type User = {readonly uid: number; readonly gid: number; readonly home?: string};

/** `NAME`, `UID`, either with `:GROUP` or `:GID`. Undefined: the user that muster runs as. Throws a sentence. */
export function resolveUser(text: string | undefined): User | undefined {
	if (text === undefined || text === '') {
		return undefined;
	}

	const [name = '', group] = text.split(':');
	const entry = readTable('/etc/passwd').find(([known, , uid]) => known === name || uid === name);
	const uid = /^\d+$/.test(name) ? Number(name) : Number(entry?.[2]);
	const gid = group === undefined ? Number(entry?.[3] ?? uid) : groupId(group);
	if (!Number.isInteger(uid)) {
		throw new Error(`no such user: ${name}`);
	}

	if (!Number.isInteger(gid)) {
		throw new Error(`no such group: ${group}`);
	}

	const ownId = process.getuid?.();
	if (uid === ownId && gid === process.getgid?.()) {
		return undefined;
	}

	if (ownId !== 0) {
		throw new Error(`not permitted to run as user ${text}: muster runs as user ${ownId}`);
	}

	return {uid, gid, home: entry?.[5]};
}

function groupId(group: string): number {
	return /^\d+$/.test(group) ? Number(group) : Number(readTable('/etc/group').find(([known]) => known === group)?.[2]);
}

function readTable(file: string): string[][] {
	try {
		return readFileSync(file, 'utf8')
			.split('\n')
			.map(line => line.split(':'));
	} catch {
		return [];
	}
}
