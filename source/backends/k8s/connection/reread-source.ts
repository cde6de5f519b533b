import {isDeepStrictEqual} from 'node:util';
import {type CredentialSource, credentialSource} from './credentials.ts';
import type {ClusterEntry, UserEntry} from './kubeconfig.ts';

type Entries = {readonly cluster: ClusterEntry; readonly user: UserEntry};

/** What the server refuses is looked up again: whoever logs in meanwhile writes it into the kubeconfig. */
export function rereadSource({cluster, user}: Entries, read: () => Promise<Entries>): CredentialSource {
	let entries: Entries = {cluster, user};
	let source = credentialSource(cluster, user);
	let isRefused = false;
	let reading: Promise<void> | undefined;

	async function readAgain(): Promise<void> {
		// A file that cannot be read just now is being written.
		const found = await read().catch(() => entries);
		const next = {cluster: found.cluster, user: found.user};
		if (!isDeepStrictEqual(next, entries)) {
			entries = next;
			source = credentialSource(next.cluster, next.user);
		}
	}

	return {
		async get() {
			if (isRefused) {
				isRefused = false;
				reading = readAgain();
			}

			await reading;
			return source.get();
		},
		forget() {
			isRefused = true;
			source.forget();
		},
	};
}
