import type {Patch, Ref} from '../../core/backend.ts';
import {ClusterError} from '../../core/error.ts';
import type {FileData, Service, ServiceSpec} from '../../core/model/index.ts';
import {bytesOf} from '../../orchestrator/stored-objects.ts';

export type CertificateParts = {
	/** The newest content of a secret; undefined: there is none of this name. */
	readonly contentOf: (secret: string) => string | undefined;
	readonly services: () => Iterable<Service>;
};

/**
 * A secret that ends TLS must hold a chain and its key: with anything else the gateway could take no connection any more.
 * Throws `usage` or `conflict`; what is wrong otherwise is told elsewhere.
 */
export class CertificateAdmission {
	readonly #parts: CertificateParts;

	constructor(parts: CertificateParts) {
		this.#parts = parts;
	}

	/** Those that the ports of a service name. */
	admitService({ports}: Patch<ServiceSpec>): void {
		for (const port of Array.isArray(ports) ? ports : []) {
			const secret = (port as {readonly tls?: unknown} | null)?.tls;
			const content = typeof secret === 'string' ? this.#parts.contentOf(secret) : undefined;
			const problem = content === undefined ? undefined : problemOf(content);
			if (problem !== undefined) {
				throw new ClusterError('conflict', `The secret ${secret} ends no TLS: ${problem}.`, {hint});
			}
		}
	}

	/** New content of one by which services end TLS. */
	admitSecret({name}: Ref, patch: object): void {
		const {data} = patch as {readonly data?: FileData};
		const users = [...this.#parts.services()].filter(({spec}) => spec.ports.some(({tls}) => tls === name));
		const problem = users.length > 0 && isContent(data) ? problemOf(Buffer.from(bytesOf(data)).toString()) : undefined;
		if (problem !== undefined) {
			const names = users.map(service => service.name).join(', ');
			throw new ClusterError('usage', `${name} ends TLS for ${names}: ${problem}.`, {hint});
		}
	}
}

const hint = 'It holds the certificate, those that lead up to it and the key as PEM: cat site.pem key.pem';

/** Of the right type; what is in it is checked elsewhere. */
function isContent(data: FileData | undefined): data is FileData {
	const content = data?.data;
	return typeof content === 'string' || typeof content?.base64 === 'string';
}

function problemOf(pem: string): string | undefined {
	for (const [what, sign] of [
		['certificate', /-----BEGIN CERTIFICATE-----/],
		['key', /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
	] as const) {
		if (!sign.test(pem)) {
			return `it holds no ${what}`;
		}
	}

	try {
		process.getBuiltinModule('node:tls').createSecureContext({cert: pem, key: pem});
		return undefined;
	} catch (error) {
		const {reason, message} = error as Error & {readonly reason?: string};
		return `its certificate and key cannot be used (${reason ?? message})`;
	}
}
