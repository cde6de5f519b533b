import type {ApiRequest, KubeClient} from '../client.ts';
import {withQuery} from '../watch.ts';
import {ListReader, type Schema} from '../wire/protobuf.ts';
import type {WireList, WireObject} from '../wire/wire.ts';
import {Slices} from './slices.ts';

/** One of Kubernetes' own collections, as it is read: whole objects never outlive their translation. */
export type Resource<W extends WireObject, T> = {
	/** The group's path and the plural: `/apis/apps/v1`, `deployments`. */
	readonly api: string;
	readonly plural: string;
	readonly namespaced: boolean;
	/** In lists only these members are read, out of protocol buffers; absent: JSON. */
	readonly schema?: Schema;
	/** What is kept of an object. */
	keep(object: W): T;
};

export type Listed<T> = {readonly items: ReadonlyMap<string, T>; readonly revision: string};

/** In one answer: more are asked for in pages, so that neither side holds all of a huge collection at once. */
const pageSize = 5000;
/**
 * Where the beginning is waited for, it comes alone: the server writes a page whole before it sends any of it. One on this
 * machine has its cores in common with the screen, which would stand still while a large page is written: there, all are small.
 */
const smallPageSize = 500;

/** Told what has come of a list, in parts. */
export type Arrived<T> = (part: ReadonlyArray<readonly [uid: string, kept: T]>) => void;

export function collectionPath(resource: Resource<never, unknown>, scope: string | undefined): string {
	const {api, plural, namespaced} = resource;
	return namespaced && scope !== undefined
		? `${api}/namespaces/${encodeURIComponent(scope)}/${plural}`
		: `${api}/${plural}`;
}

export function objectPath(resource: Resource<never, unknown>, scope: string | undefined, name: string): string {
	return `${collectionPath(resource, scope)}/${encodeURIComponent(name)}`;
}

type Listing<T> = {
	readonly signal: AbortSignal | undefined;
	readonly arrived?: Arrived<T> | undefined;
	readonly lone?: boolean | undefined;
};

/** All of a collection, by uid, with the revision from which a watch goes on. */
export async function listResource<W extends WireObject, T>(
	client: KubeClient,
	resource: Resource<W, T>,
	path: string,
	{arrived, ...how}: Listing<T>,
): Promise<Listed<T>> {
	const items = new Map<string, T>();
	let next = '';
	for (;;) {
		const size = arrived && (next === '' || client.isNear) ? smallPageSize : pageSize;
		const paged = withQuery(path, `limit=${size}${next === '' ? '' : `&continue=${encodeURIComponent(next)}`}`);
		const read = resource.schema ? listBuffers : listJson;
		let part: Array<readonly [string, T]> = [];
		const page = await read(
			client,
			resource,
			{...how, path: paged},
			{
				put(object) {
					const kept = resource.keep(object);
					items.set(object.metadata.uid, kept);
					part.push([object.metadata.uid, kept]);
				},
				rest() {
					arrived?.(part);
					part = [];
				},
			},
		);
		arrived?.(part);
		if (page.next === '') return {items, revision: page.revision};
		next = page.next;
	}
}

type Page = {readonly revision: string; readonly next: string};

type Taking<W> = {
	put(object: W): void;
	/** Something else has its turn now. */
	rest(): void;
};

async function listBuffers<W extends WireObject>(
	client: KubeClient,
	{schema = {}}: Resource<W, unknown>,
	request: ApiRequest,
	{put, rest}: Taking<W>,
): Promise<Page> {
	const body = await client.open({...request, accept: 'application/vnd.kubernetes.protobuf'});
	const reader = new ListReader(schema);
	const slices = new Slices();
	for await (const chunk of body) {
		for (const object of reader.feed(chunk)) {
			put(object as W);
		}

		if (slices.isOver) {
			rest();
			await slices.rest();
		}
	}

	return {revision: reader.revision, next: reader.continueToken};
}

async function listJson<W extends WireObject>(
	client: KubeClient,
	_: Resource<W, unknown>,
	request: ApiRequest,
	{put}: Taking<W>,
): Promise<Page> {
	const {items, metadata} = await client.json<WireList<W>>(request);
	for (const object of items ?? []) {
		put(object);
	}

	return {revision: metadata.resourceVersion, next: metadata.continue ?? ''};
}
