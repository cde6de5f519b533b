import type {SumsAnswer} from '../../backends/local/protocol.ts';
import type {Usage} from '../../core/model/index.ts';
import type {UsageSums} from '../../core/pulse/usage-sums.ts';

const texts = new WeakMap<object, string>();

/**
 * The JSON of an object of the store. Those are never changed in place, so that each is written out once, however many
 * lists and watches it is part of: with 1,000 instances that is nearly all of a list's cost.
 */
export function objectJson(object: object, usage?: Usage): string {
	let json = texts.get(object);
	if (json === undefined) {
		json = JSON.stringify(object);
		texts.set(object, json);
	}

	return usage === undefined ? json : `${json.slice(0, -1)},"usage":${JSON.stringify(usage)}}`;
}

export function sumsAnswer({services, nodes}: UsageSums): SumsAnswer {
	return {services: Object.fromEntries(services), nodes: Object.fromEntries(nodes)};
}

export function listJson(
	items: readonly {readonly id: string}[],
	revision: string,
	usageOf: (id: string) => Usage | undefined,
): string {
	const texts = items.map(item => objectJson(item, usageOf(item.id)));
	return `{"items":[${texts.join(',')}],"revision":${JSON.stringify(revision)}}`;
}
