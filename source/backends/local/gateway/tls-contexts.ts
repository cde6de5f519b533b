import type {SecureContext} from 'node:tls';
import type {Route} from '../../../orchestrator/balancer.ts';

/** Certificate chain and key as one text (PEM), by secret and version. */
export type Certificate = {readonly secret: string; readonly version: number; readonly pem: string};

/** What ends TLS. Made anew when a certificate changes: connections that are open keep theirs. */
export class Certificates {
	readonly #pems = new Map<string, string>();
	readonly #contexts = new Map<string, SecureContext>();
	readonly #log: (message: string) => void;

	constructor(log: (message: string) => void) {
		this.#log = log;
	}

	replace(certificates: readonly Certificate[]): void {
		this.#pems.clear();
		this.#contexts.clear();
		for (const {secret, version, pem} of certificates) {
			this.#pems.set(`${secret} ${version}`, pem);
		}
	}

	/** Of the route that is for this host name, else of the first. Undefined: there is none that can be used. */
	contextFor(routes: readonly Route[], name: string): SecureContext | undefined {
		const lower = name.toLowerCase();
		const named = routes.find(({http}) => http?.hosts?.some(host => isFor(host.toLowerCase(), lower)));
		const {tls} = named ?? routes[0] ?? {};
		return tls && this.#context(`${tls.secret} ${tls.version}`);
	}

	/** Chain and key of the first route, for who asks for no name. */
	unnamed([first]: readonly Route[]): string | undefined {
		return first?.tls && this.#pems.get(`${first.tls.secret} ${first.tls.version}`);
	}

	#context(key: string): SecureContext | undefined {
		const pem = this.#pems.get(key);
		if (pem === undefined) {
			return undefined;
		}

		let context = this.#contexts.get(key);
		if (!context) {
			try {
				context = process.getBuiltinModule('node:tls').createSecureContext({cert: pem, key: pem});
			} catch (error) {
				this.#log(`the secret ${key} holds no certificate with its key: ${(error as Error).message}`);
				return undefined;
			}

			this.#contexts.set(key, context);
		}

		return context;
	}
}

function isFor(host: string, name: string): boolean {
	return host === name || (host.startsWith('*.') && name.endsWith(host.slice(1)));
}
