import type {ConnectionOptions} from 'node:tls';
import {usualAuthorities} from '../../../core/authorities.ts';

// The launcher has Node read nothing that it trusts by default as TLS is loaded. It still would before it takes the first
// authority that is named, for a seventh of a short command: so there is nothing to be read, until somebody needs it.

/** Whom Node trusts by default, once it was chosen here; another process than the launcher's is left as it is. */
let chosen: 'nobody' | 'usual' | undefined = process.execArgv.includes('--use-openssl-ca') ? undefined : 'usual';

/** Before a connection is made: what vouches for its server is there. */
export function trustFor({ca, rejectUnauthorized}: ConnectionOptions): void {
	if (ca === undefined && rejectUnauthorized !== false) trustUsual();
	else if (chosen === undefined) choose('nobody');
}

/** For libraries too, which name nobody. */
export function trustUsual(): void {
	if (chosen !== 'usual') choose('usual');
}

function choose(whom: 'nobody' | 'usual'): void {
	chosen = whom;
	const tls = process.getBuiltinModule('node:tls');
	tls.setDefaultCACertificates?.(whom === 'nobody' ? [] : usualAuthorities(tls));
}
