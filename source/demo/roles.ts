import type {Patch} from '../core/backend.ts';
import type {ServiceSpec} from '../core/model/index.ts';
import {behaviorVariable} from '../orchestrator/simulated/behavior.ts';
import type {Trade} from './trades.ts';

/** A service that has something to show; the others just work. */
export type Role = {
	readonly name: string;
	readonly trade: Trade;
	readonly replicas: number;
	readonly spec?: Patch<ServiceSpec>;
	/** An update was begun, whose new version behaves like this. */
	readonly update?: Patch<ServiceSpec>;
	/** Its memory grows until it is ended. */
	readonly leaks?: true;
};

function behaves(how: string): Patch<ServiceSpec> {
	return {template: {env: {[behaviorVariable]: how}}};
}

export const roles: readonly Role[] = [
	{name: 'node-exporter', trade: 'exporter', replicas: 0},
	{name: 'shop-web', trade: 'web', replicas: 8, spec: {ports: [{published: 8080, target: 80, protocol: 'tcp'}]}},
	{name: 'checkout-api', trade: 'api', replicas: 12, spec: {ports: [{published: 8081, target: 80, protocol: 'tcp'}]}},
	{name: 'ledger-sync', trade: 'worker', replicas: 2, spec: behaves('fail=1 exit=1')},
	{
		name: 'render-gpu',
		trade: 'worker',
		replicas: 3,
		spec: {
			template: {reserve: {cpus: 4, memoryBytes: 2 ** 31}, limit: {memoryBytes: 2 ** 32}},
			placement: {constraints: ['node.labels.gpu==true'], maxReplicasPerNode: 1},
		},
	},
	{name: 'search-api', trade: 'api', replicas: 6, spec: behaves('sicken=0.5 warm-up=1s-4s')},
	{name: 'sessions-cache', trade: 'cache', replicas: 4, leaks: true},
	{
		name: 'cart-api',
		trade: 'api',
		replicas: 6,
		update: {template: {image: 'shop/api:5.0', ...behaves('fail=1 exit=78').template}},
	},
	{
		name: 'thumbs',
		trade: 'worker',
		replicas: 2,
		spec: {template: {image: 'shop/thumbs:2.1', ...behaves('reject=1').template}},
	},
	{name: 'nightly-report', trade: 'job', replicas: 12, spec: {maxConcurrent: 4, ...behaves('life=20s-90s')}},
	{
		name: 'reindex-catalog',
		trade: 'job',
		replicas: 1,
		spec: {restart: {maxAttempts: 2}, ...behaves('life=12s-15s exit=3')},
	},
];

const domains =
	'orders payments catalog accounts inventory pricing shipping reviews media identity recommend campaign loyalty returns invoices fraud geo notify email push chat support audit reports metrics feeds imports exports hooks partners fulfil warehouse routing translate experiments consent gifts vouchers wishlist stores tax billing basket stock'.split(
		' ',
	);
const kinds = ['api', 'worker', 'web', 'cache', 'indexer'] as const;

/** The service with this number among those that just work: names that differ, and what they do. */
export function plainService(index: number): {readonly name: string; readonly trade: Trade} {
	const round = Math.floor(index / domains.length);
	const place = index % domains.length;
	const domain = domains[place] ?? '';
	const trade = kinds[(round + (place % 3)) % kinds.length] ?? 'api';
	const series = Math.floor(round / kinds.length);
	return {name: `${domain}-${trade}${series === 0 ? '' : `-${series + 1}`}`, trade};
}
