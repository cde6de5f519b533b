import type {Instance} from '../core/model/index.ts';
import {chanceOf} from './load.ts';
import {type Trade, tradeOf} from './trades.ts';

type Text = {readonly stream: 'stdout' | 'stderr'; readonly text: string};

const paths = ['/api/cart', '/api/orders', '/api/items', '/api/price', '/api/session', '/healthz', '/metrics'];
const words = ['orders', 'invoices', 'thumbnails', 'reviews', 'parcels', 'coupons', 'accounts'];

function pickBy<T>(items: readonly T[], chance: number): T {
	return items[Math.floor(chance * items.length)] as T;
}

/** The line with this number of an instance that works: always the same one. */
export function ordinaryLine(instance: Instance, number: number): Text {
	const trade = tradeOf(instance.image ?? '');
	const [a, b, c] = [1, 2, 3].map(salt => chanceOf(instance.id, number * 8 + salt)) as [number, number, number];
	return writers[trade](a, b, c);
}

const requests = (a: number, b: number, c: number): Text => {
	const method = c < 0.7 ? 'GET' : 'POST';
	const path = `${pickBy(paths, a)}/${Math.floor(c * 90_000) + 10_000}`;
	const ms = Math.floor(3 + 400 * b ** 6 + 12 * c);
	if (a * b > 0.88) {
		return {stream: 'stderr', text: `WARN  ${method} ${path} 503 ${ms + 900}ms upstream timed out`};
	}

	return {stream: 'stdout', text: `INFO  ${method} ${path} ${b > 0.97 ? 404 : 200} ${ms}ms`};
};

const work = (a: number, b: number, c: number): Text =>
	a * c > 0.85
		? {stream: 'stderr', text: `WARN  retry ${Math.floor(1 + b * 4)} of 5: lock on ${pickBy(words, b)} is held`}
		: {
				stream: 'stdout',
				text: `INFO  ${Math.floor(20 + a * 480)} ${pickBy(words, b)} done in ${Math.floor(40 + c * 900)} ms`,
			};

const writers: Readonly<Record<Trade, (a: number, b: number, c: number) => Text>> = {
	api: requests,
	web: requests,
	worker: work,
	indexer: work,
	job: (a, b) => ({stream: 'stdout', text: `part ${Math.floor(a * 900)} of 900: ${Math.floor(b * 5000)} rows`}),
	cache: (a, b) => ({
		stream: 'stdout',
		text: `evicted ${Math.floor(a * 400)} keys, hit rate ${(80 + b * 19).toFixed(1)} %`,
	}),
	exporter: a => ({stream: 'stdout', text: `scraped ${Math.floor(200 + a * 90)} series`}),
};

/** What an instance says when it starts, each a little after the one before. */
export function firstLines({serviceName, image = '', status}: Instance): readonly Text[] {
	const port = status.endpoints[0]?.port;
	return [
		{stream: 'stdout', text: `${serviceName} (${image}) starting, pid ${status.pid ?? 1}`},
		{stream: 'stdout', text: 'configuration read, 14 values from the environment'},
		...(port === undefined ? [] : [{stream: 'stdout' as const, text: `listening on 127.0.0.1:${port}`}]),
	];
}

/** What an instance says before it fails. */
export function lastLines({status, serviceName}: Instance): readonly Text[] {
	const {state, exitCode, reason = ''} = status;
	if (state !== 'failed') {
		return state === 'stopped' || state === 'completed' ? [{stream: 'stdout', text: 'shutting down'}] : [];
	}

	if (reason.startsWith('out of memory')) {
		return [{stream: 'stderr', text: 'WARN  heap nearly full, collecting for the 14th time'}];
	}

	return [
		{stream: 'stderr', text: `ERROR connect ECONNREFUSED ${serviceName.replace(/-[^-]*$/, '')}-db:5432`},
		{stream: 'stderr', text: '    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1611:16)'},
		{stream: 'stderr', text: '    at async openPool (/srv/lib/database.js:88:12)'},
		{stream: 'stderr', text: '    at async main (/srv/server.js:21:3)'},
		{stream: 'stderr', text: `FATAL giving up, exit code ${exitCode ?? 1}`},
	];
}
