import {ClusterError} from '../../core/error.ts';
import {stripControl} from '../../core/text/text.ts';
import {decode, type Schema} from './wire/protobuf.ts';
import type {WireStatus} from './wire/wire.ts';

/** What the server answered instead of what was asked for. */
export function answerError(status: number, body: string, what: string): ClusterError {
	const said = parseStatus(body);
	const reason = (said?.message ?? firstWords(body)) || `HTTP status ${status}`;
	const message = inSentence(stripControl(reason));
	const error = (code: ClusterError['code'], text = message, hint?: string) =>
		new ClusterError(code, text, {hint, cause: {status, what, reason: said?.reason, body: body.slice(0, 10_000)}});
	if (/^admission webhook .* denied the request/.test(message)) return error('not-allowed', message);
	// A manifest whose types are wrong: the server calls that a failure of its own.
	const mistyped = /^failed to create typed patch object \([^)]*\): (.*)$/s.exec(message);
	if (mistyped !== null) return error('usage', mistyped[1]);
	const unasked = /failed calling webhook "([^"]*)": (?:failed to call webhook: )?(.*)$/s.exec(message);
	if (status === 500 && unasked !== null) {
		return error('failed', `the webhook ${unasked[1]}, which would have to allow it, cannot be asked: ${unasked[2]}`);
	}

	// Nothing has failed: it cannot be decided which of them is to be asked.
	if (status === 500 && /more than one PodDisruptionBudget/.test(message)) {
		return error('failed', 'it has more than one disruption budget: no eviction is possible');
	}

	if (status === 400 && /^client sent an HTTP request to an HTTPS server/i.test(message)) {
		return error('unreachable', 'the server speaks https://, and the kubeconfig names it by http://');
	}

	if (status === 400 && /^previous terminated container .* not found$/.test(message)) {
		return error('not-found', message, 'It has not been started again.');
	}

	const [, kubelet] = status === 500 ? (silentKubelet.exec(message) ?? []) : [];
	if (kubelet !== undefined) {
		return error('unreachable', `the API server cannot reach the kubelet of its node: ${kubelet}`);
	}

	if (status === 500 && failedStorage.test(body)) {
		return error('unreachable', 'the API server answers, but its storage does not: etcd is silent');
	}

	switch (status) {
		case 400:
		case 413:
		case 415:
		case 422:
			return error('usage', withCauses(said, message));
		case 401:
			return error(
				'not-allowed',
				'the cluster does not accept the credentials of the kubeconfig',
				'They may have run out: log in again.',
			);
		case 403:
			return error('not-allowed', message, /User "system:anonymous"/.test(message) ? nobody : undefined);
		case 404:
			return error('not-found', said?.message === undefined ? `${what}: there is no such thing here` : message);
		case 405:
			return error('unsupported', message);
		case 409:
			return error('conflict', managersText(said) ?? message);
		case 410:
			return error('expired', message);
		case 429:
			// A budget that refuses an eviction is named in the causes only.
			return error('timeout', `the cluster asks to wait: ${withCauses(said, message)}`);
		case 502:
		case 503:
			return error('unreachable', `the API server cannot answer: ${message}`);
		case 504:
			return error('timeout', `the API server took too long: ${message}`);
		default:
			return error(
				status >= 500 && /etcdserver|connection refused|deadline exceeded|timed out/.test(message)
					? 'unreachable'
					: 'failed',
				status >= 500 ? `the API server failed: ${message}` : message,
			);
	}
}

/**
 * The server's words as they stand behind a colon: `the disruption budget web needs 3`. What names a kind (`Pod "web" is invalid`) keeps
 * its capital; at the beginning of a sentence it is put back.
 */
export function inSentence(text: string): string {
	return text.replace(/^[A-Z](?=[a-z']*(?: (?!")|: ))/, first => first.toLowerCase());
}

const nobody = 'The kubeconfig gives no credentials for this context that the server knows.';

/** Logs are fetched by a GET, sessions dialled; the path of the first is as long as a line. */
const silentKubelet = /^(?:Get "https?:\/\/[^"]*\/containerLogs\/[^"]*"|error dialing backend): (.*)$/s;

/** The server has answered, and could not ask the node. */
export function isKubeletFailure({cause}: ClusterError): boolean {
	const {status, body = ''} = (cause ?? {}) as {status?: number; body?: string};
	return status === 500 && silentKubelet.test(parseStatus(body)?.message ?? '');
}

/** `/livez` and `/readyz` name each of their checks. */
const failedStorage = /^\[-\]etcd/m;

/** The server lives, and can do nothing. */
export function isStorageFailure({cause}: ClusterError): boolean {
	return failedStorage.test((cause as {body?: string} | undefined)?.body ?? '');
}

/** Not for what was asked: whoever it is, the server does not know them. */
export function isRefusedUser({cause}: ClusterError): boolean {
	return (cause as {status?: number} | undefined)?.status === 401;
}

/** Of a page for people, as what stands before a server answers with, its title. */
function firstWords(body: string): string {
	const [, title = ''] = isPage.test(body) ? (/<title>([^<]*)<\/title>/i.exec(body) ?? []) : [undefined, body];
	return title.trim().split('\n')[0]?.slice(0, 500) ?? '';
}

const isPage = /^\s*<(?:!doctype|html)\b/i;

/** What is no answer of an API server, though no error either: undefined where it is one. */
export function foreignAnswer(status: number, headers: Headers, server: string): ClusterError | undefined {
	const {location, 'content-type': type} = headers;
	const hint = 'A login or a proxy may stand before it: check the server of this context.';
	if (status >= 300 && status < 400 && location !== undefined) {
		return new ClusterError('unreachable', `${server} leads elsewhere: to ${stripControl(String(location))}`, {hint});
	}

	return status < 300 && String(type ?? '').startsWith('text/html')
		? new ClusterError('unreachable', `${server} answers with a web page, and not as an API server does`, {hint})
		: undefined;
}

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A list of fields in one line each, the same one once; the server's own message repeats the object's name before them. */
function withCauses(said: WireStatus | undefined, message: string): string {
	const causes = said?.details?.causes ?? [];
	return causes.length === 0
		? message
		: [
				...new Set(
					causes.map(({field = '', message: why = ''}) =>
						stripControl(`${field}: ${inSentence(why.replace(wholeValue, ''))}`.replace(/^: /, '')),
					),
				),
			].join('\n');
}

/** Who manages what somebody else wants to apply: `kubectl manages .spec.replicas, .spec.paused; scaler manages …`. */
function managersText(said: WireStatus | undefined): string | undefined {
	const taken = (said?.details?.causes ?? []).flatMap(({message = '', field = ''}) => {
		const [, name] = /^conflict with "([^"]*)"/.exec(message) ?? [];
		return name === undefined ? [] : [{name, field}];
	});
	const byName = Map.groupBy(taken, ({name}) => name);
	const texts = [...byName].map(([name, fields]) => `${name} manages ${fields.map(({field}) => field).join(', ')}`);
	return texts.length === 0 ? undefined : stripControl(texts.join('; '));
}

/** An object as the server holds it, thousands of characters before what is wrong with it. */
const wholeValue = /^Invalid value: \{.{200,}\}: (?=[^}]+$)/s;

const statusSchema: Schema = {
	2: {
		name: 'status',
		type: {
			3: {name: 'message', type: 'string'},
			4: {name: 'reason', type: 'string'},
			5: {
				name: 'details',
				type: {
					4: {
						name: 'causes',
						many: true,
						type: {
							1: {name: 'reason', type: 'string'},
							2: {name: 'message', type: 'string'},
							3: {name: 'field', type: 'string'},
						},
					},
					5: {name: 'retryAfterSeconds', type: 'int'},
				},
			},
			6: {name: 'code', type: 'int'},
		},
	},
};

/** A refusal as JSON: who asked for protocol buffers is refused in one, its envelope around it. */
export function refusalText(body: Buffer): string {
	if (body.toString('latin1', 0, 4) !== 'k8s\0') return body.toString('utf8');
	try {
		return JSON.stringify(decode(body, statusSchema, 4).status ?? {});
	} catch {
		return '';
	}
}

export function parseStatus(body: string): WireStatus | undefined {
	try {
		const status: unknown = JSON.parse(body);
		return typeof status === 'object' && status !== null ? (status as WireStatus) : undefined;
	} catch {
		return undefined;
	}
}

/** Of the kubeconfig, or the machine's own where it names none. */
const foreignAuthority = 'is not signed by an authority that this context trusts';

const certificateCodes: Readonly<Record<string, string>> = {
	SELF_SIGNED_CERT_IN_CHAIN: foreignAuthority,
	DEPTH_ZERO_SELF_SIGNED_CERT: foreignAuthority,
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: foreignAuthority,
	UNABLE_TO_GET_ISSUER_CERT: foreignAuthority,
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: foreignAuthority,
	CERT_SIGNATURE_FAILURE: foreignAuthority,
	CERT_HAS_EXPIRED: 'has run out',
	CERT_NOT_YET_VALID: 'is not valid yet',
	ERR_TLS_CERT_ALTNAME_INVALID: 'belongs to another host',
};

/** It may be another authority that the kubeconfig names by now. */
export function isCertificateFailure({cause}: ClusterError): boolean {
	return certificateCodes[(cause as {code?: string} | undefined)?.code ?? ''] !== undefined;
}

const networkCodes: Readonly<Record<string, string>> = {
	ECONNREFUSED: 'nothing listens there',
	ECONNRESET: 'it broke the connection',
	EPIPE: 'it broke the connection',
	ENOTFOUND: 'there is no such host',
	EAI_AGAIN: 'the name of its host cannot be looked up now',
	ETIMEDOUT: 'it does not answer',
	EHOSTUNREACH: 'there is no way to its host',
	ENETUNREACH: 'there is no way to its network',
};

/** No answer came at all. */
export function connectionError(thrown: unknown, server: string): ClusterError {
	if (thrown instanceof ClusterError) return thrown;
	const {code = '', message = String(thrown)} = thrown as {code?: string; message?: string};
	const certificate = certificateCodes[code];
	if (certificate !== undefined) {
		return new ClusterError('unreachable', `the certificate of ${server} ${certificate}`, {
			hint: 'Nothing was sent to it. Check the certificate-authority of this context.',
			cause: thrown,
		});
	}

	if (code.startsWith('ERR_SSL') || code.startsWith('ERR_OSSL')) {
		const refused = /alert/i.test(message) ? 'it does not accept the client certificate' : `TLS fails: ${message}`;
		return new ClusterError('unreachable', `${server} cannot be reached: ${refused}`, {cause: thrown});
	}

	const why = networkCodes[code] ?? stripControl(message);
	return new ClusterError('unreachable', `${server} cannot be reached: ${why}`, {cause: thrown});
}
