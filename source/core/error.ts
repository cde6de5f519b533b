/** Closed: each code has one exit status and one answer to "try again?". */
export const errorCodes = {
	failed: {exit: 1, retry: false},
	storage: {exit: 1, retry: true},
	usage: {exit: 2, retry: false},
	'not-found': {exit: 3, retry: false},
	conflict: {exit: 4, retry: false},
	unreachable: {exit: 5, retry: true},
	/** A watch's revision is older than what is kept: list again. */
	expired: {exit: 5, retry: true},
	'not-allowed': {exit: 6, retry: false},
	timeout: {exit: 7, retry: true},
	unsupported: {exit: 8, retry: false},
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** The one error that crosses layers. `message` says what was tried and what was found; `hint` what to do. */
export class ClusterError extends Error {
	override readonly name = 'ClusterError';
	readonly code: ErrorCode;
	readonly hint: string | undefined;

	constructor(code: ErrorCode, message: string, options: {hint?: string | undefined; cause?: unknown} = {}) {
		super(message, options.cause === undefined ? undefined : {cause: options.cause});
		this.code = code;
		this.hint = options.hint;
	}
}

/** What is thrown is turned into a ClusterError: itself, or `failed` with the text of the thrown thing. */
export function toClusterError(thrown: unknown): ClusterError {
	if (isClusterError(thrown)) {
		return thrown;
	}

	return new ClusterError('failed', thrown instanceof Error ? thrown.message : String(thrown), {cause: thrown});
}

/** Also one of another bundle of this program, which has a class of its own. */
function isClusterError(thrown: unknown): thrown is ClusterError {
	return (
		thrown instanceof Error && thrown.name === 'ClusterError' && 'code' in thrown && String(thrown.code) in errorCodes
	);
}

/** For what can never be false unless this program is wrong. */
export function assert(condition: unknown, invariant: string): asserts condition {
	if (!condition) {
		throw new Error(`Broken invariant: ${invariant}`);
	}
}

/** What is wrong and what helps as sentences: what engines say may end with a stop, or without. */
export function errorSentences({message, hint}: Pick<ClusterError, 'message' | 'hint'>): string {
	return hint === undefined ? message : `${message.replace(/\.$/, '')}. ${hint}`;
}
