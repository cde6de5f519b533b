import type {Instant} from './model/index.ts';

/* Who may do what with a daemon from another machine. */

/** Each may all that those before it may. */
export const roles = ['viewer', 'operator', 'admin'] as const;

export type Role = (typeof roles)[number];

export const roleHelp: Readonly<Record<Role, string>> = {
	viewer: 'looks at everything but the content of secrets',
	operator: 'also changes what runs, and with that may run programs as the user of the daemon',
	admin: 'also decides who has access, stops the daemon, takes backups',
};

export function mayAct(as: Role, wanted: Role): boolean {
	return roles.indexOf(as) >= roles.indexOf(wanted);
}

/** One who has access, by a certificate of its own. */
export type AccessEntry = {
	readonly name: string;
	readonly role: Role;
	readonly createdAt: Instant;
	/** Its certificate is good until then. */
	readonly expiresAt: Instant;
	/** SHA-256 of the certificate, as colons and capitals. */
	readonly fingerprint: string;
};

/** Who asks a daemon, by the certificate that they show. */
export type Asker = Pick<AccessEntry, 'name' | 'role'>;

export type Listening = {
	readonly host: string;
	readonly port: number;
	/** Why it does not listen though it should. */
	readonly failed?: string;
};

export type AccessList = {readonly entries: readonly AccessEntry[]; readonly listening?: Listening};

/** `identity`: PEM of certificate, key and authority; told once, to be kept secret. */
export type Granted = {readonly entry: AccessEntry; readonly identity: string};

export type AccessFacet = {
	list(): Promise<AccessList>;
	/** `conflict` when the name has access already. */
	grant(wanted: {readonly name: string; readonly role: Role; readonly forMs: number}): Promise<Granted>;
	/** A new certificate for the same name; the one before it is good for nothing from then on. */
	rotate(wanted: {readonly name: string; readonly forMs: number}): Promise<Granted>;
	/** At once, open connections too. */
	revoke(name: string): Promise<void>;
	/** Where the API listens by TCP; undefined: nowhere. */
	listen(where: {readonly host: string; readonly port: number} | undefined): Promise<Listening | undefined>;
};
