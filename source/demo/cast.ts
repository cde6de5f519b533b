import {mergePatch} from '../core/difference/merge-patch.ts';
import type {ServiceSpec} from '../core/model/index.ts';
import {serviceSpec} from '../core/spec/service-spec.ts';
import type {DemoOptions} from './options.ts';
import {plainService, type Role, roles} from './roles.ts';
import {trades} from './trades.ts';

/** A service as it is to be, before anything of it runs. */
export type Part = {
	readonly name: string;
	readonly spec: ServiceSpec;
	/** What its instances were made from, where an update of it was begun. */
	readonly before?: ServiceSpec;
};

/** With fewer instances than this there is only room for services that just work. */
const smallStage = 100;

/** Who plays: as many services as fit the number of instances, a few large ones and many small ones. */
export function castOf({instances, nodes}: Pick<DemoOptions, 'instances' | 'nodes'>): readonly Part[] {
	const special = instances >= smallStage ? roles : [];
	const taken = special.reduce((sum, {replicas, trade}) => sum + (trade === 'exporter' ? nodes : replicas), 0);
	const left = Math.max(0, instances - taken);
	const count = Math.min(left, Math.max(1, Math.round(2 * Math.sqrt(left)), 4));
	const sizes = sizesOf(left, Math.min(count, maxServices));
	return [
		...special.map(role => part(role)),
		...sizes.map((replicas, index) => part({...plainService(index), replicas})),
	];
}

const maxServices = 300;

/** Whole numbers that sum up, the nth about as large as 1/n of the first. */
function sizesOf(total: number, count: number): readonly number[] {
	const weights = Array.from({length: count}, (_, index) => 1 / (index + 4));
	const whole = weights.reduce((sum, weight) => sum + weight, 0);
	const sizes = weights.map(weight => Math.max(1, Math.floor((weight / whole) * total)));
	const rest = total - sizes.reduce((sum, size) => sum + size, 0);
	return sizes.map((size, index) => (index === 0 ? Math.max(1, size + rest) : size));
}

function part({name, trade, replicas, spec: own = {}, update}: Role): Part {
	const plain = mergePatch(trades[trade].spec, {
		replicas,
		labels: {app: name.replace(/-[^-]*$/, ''), kind: trade},
		template: {image: `shop/${trade}:4.12`},
	});
	const spec = serviceSpec(mergePatch(plain, own));
	return update === undefined ? {name, spec} : {name, spec: serviceSpec(update, spec), before: spec};
}

/** Whose memory grows until they are ended. */
export const leaking: ReadonlySet<string> = new Set(roles.filter(({leaks}) => leaks).map(({name}) => name));
