import type {Ref} from '../../../core/backend.ts';
import {toClusterError} from '../../../core/error.ts';
import type {KubeClient, RequestBody} from '../client.ts';

export type Writing = {
	readonly client: KubeClient;
	/** Where something new is made. */
	readonly namespace: string;
	/** The namespace of a service that only its id tells of, where all are looked at. */
	locate(ref: Ref): Promise<string | undefined>;
	/** Waits for `ms`, for what the controllers do next. */
	rest(ms: number): Promise<void>;
};

/** A write is made with the field manager's name, so that the server knows what is muster's. */
export const manager = 'fieldManager=muster';

/** What is applied goes as YAML, which knows no control characters but as escapes; JSON leaves those after 7e as they are. */
export function applyBody(value: unknown): RequestBody {
	const text = JSON.stringify(value).replace(
		/[\u007f-\u009f\ufffe\uffff]/g,
		character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);
	return {type: 'application/apply-patch+yaml', text};
}

/** As a deletion is told. */
export const propagations = {background: 'Background', foreground: 'Foreground', orphan: 'Orphan'} as const;

/** Undefined where there is none, or where the user may not look. */
export async function ifThere<T>(answer: Promise<T>): Promise<T | undefined> {
	try {
		return await answer;
	} catch (thrown) {
		const {code} = toClusterError(thrown);
		if (code !== 'not-found' && code !== 'not-allowed') throw thrown;
		return undefined;
	}
}
