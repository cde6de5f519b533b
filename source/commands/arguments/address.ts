import type {Listening} from '../../core/access.ts';
import {ClusterError} from '../../core/error.ts';
import {stripControl} from '../../core/text/text.ts';

/** `SCHEME://HOST:PORT`; without the scheme where that is allowed. */
export function readAddress(text: string, scheme: string, flag = ''): {readonly host: string; readonly port: number} {
	const pattern = new RegExp(`^(?:${scheme}://)(\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9._-]+):(\\d{1,5})$`);
	const [, host = '', digits = ''] = pattern.exec(text) ?? [];
	if (host === '' || Number(digits) > 65_535) {
		throw new ClusterError(
			'usage',
			`${flag}must be ${scheme}://HOST:PORT, found ${JSON.stringify(stripControl(text))}`,
		);
	}

	return {host: host.replaceAll(/[[\]]/g, ''), port: Number(digits)};
}

export function addressText({host, port, failed}: Listening, scheme: string): string {
	const address = `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;
	return stripControl(failed === undefined ? address : `${address}: ${failed}`);
}
