/** Keeps what nobody may read on the disk. `about`: what it belongs to; it can only be opened as that. */
export type Vault = {
	seal(plain: Uint8Array, about: string): string;
	/** Throws ClusterError where it was tampered with, or the key is another one. */
	open(sealed: string, about: string): Uint8Array;
};

/** Seals nothing. */
export const plainVault: Vault = {
	seal: plain => Buffer.from(plain).toString('base64'),
	open: sealed => Buffer.from(sealed, 'base64'),
};
