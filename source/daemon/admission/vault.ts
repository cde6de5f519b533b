import {closeSync, fsyncSync, openSync, readFileSync, statSync, writeSync} from 'node:fs';
import {ClusterError} from '../../core/error.ts';
import type {Vault} from '../../orchestrator/vault.ts';

const algorithm = 'aes-256-gcm';
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Seals with AES-256-GCM: a nonce of its own for each, and bound to what it belongs to, so that nobody who can write the
 * store can give one secret's content to another. The key is a file of its own (0600), beside the store and not in it.
 * `isNew`: there is nothing sealed yet, so that a key may be made.
 */
export function openVault(keyFile: string, isNew: boolean): Vault {
	let key: Buffer | undefined;
	// Most homes have no secrets: node:crypto and the key are for those that do.
	const crypto = () => process.getBuiltinModule('node:crypto');
	const keyOf = () => {
		key ??= readKey(keyFile) ?? (isNew ? makeKey(keyFile, crypto().randomBytes(keyBytes)) : undefined);
		if (!key) {
			throw new ClusterError('unreachable', `the key of the secrets, ${keyFile}, is missing`, {
				hint: 'Put it back from a backup. Without it the secrets cannot be read: remove and create them anew.',
			});
		}

		return key;
	};

	return {
		seal(plain, about) {
			const nonce = crypto().randomBytes(nonceBytes);
			const cipher = crypto().createCipheriv(algorithm, keyOf(), nonce).setAAD(Buffer.from(about));
			return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString('base64');
		},
		open(sealed, about) {
			const all = Buffer.from(sealed, 'base64');
			const decipher = crypto()
				.createDecipheriv(algorithm, keyOf(), all.subarray(0, nonceBytes), {authTagLength: tagBytes})
				.setAAD(Buffer.from(about))
				.setAuthTag(all.subarray(-tagBytes));
			try {
				return Buffer.concat([decipher.update(all.subarray(nonceBytes, -tagBytes)), decipher.final()]);
			} catch (error) {
				throw notOpened(keyFile, error);
			}
		},
	};
}

function notOpened(keyFile: string, cause: unknown): ClusterError {
	return new ClusterError('failed', `a secret cannot be opened with the key ${keyFile}`, {
		hint: 'The key or the store was changed. Put back the one that belongs to the other.',
		cause,
	});
}

function readKey(file: string): Buffer | undefined {
	let text: string;
	try {
		text = readFileSync(file, 'utf8').trim();
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return undefined;
		}

		throw error;
	}

	const key = Buffer.from(text, 'base64');
	if (key.length !== keyBytes || (statSync(file).mode & 0o077) !== 0) {
		throw new ClusterError('unreachable', `${file} is no key of secrets, or others can read it`, {
			hint: `It holds ${keyBytes} bytes in base64 and has the mode 0600.`,
		});
	}

	return key;
}

/** On the disk before anything is sealed with it. */
function makeKey(file: string, key: Buffer): Buffer {
	const descriptor = openSync(file, 'wx', 0o600);
	try {
		writeSync(descriptor, `${key.toString('base64')}\n`);
		fsyncSync(descriptor);
	} finally {
		closeSync(descriptor);
	}

	return key;
}
