import {expect, onTestFinished, test, vi} from 'vitest';
import {ask, exchange, open, routeOf, serve} from '../../../../helpers/http-gateway.ts';
import {until} from '../../../../helpers/tcp.ts';

// Nobody is there who could answer.

test('who asks for a service that has been scaled to nothing waits until it is there', async () => {
	const a = await serve('a');
	const {published, apply, demanded} = await open({});
	await apply({...routeOf(published, 'web', {}), holds: true});
	const answers = [ask(published, {method: 'POST', body: 'x'}), ask(published)];
	await until(() => demanded.includes('web-id'));
	await apply({...routeOf(published, 'web', {a: a.port}), holds: true});
	expect((await Promise.all(answers)).map(({body}) => body)).toEqual(['a', 'a']);
});

test('who has waited in vain is answered, and the service is asked for no more', async () => {
	const {gateway, published, apply, demanded} = await open({});
	await apply({...routeOf(published, 'web', {}), holds: true});
	const timers = vi.spyOn(globalThis, 'setTimeout');
	onTestFinished(() => timers.mockRestore());
	const answer = ask(published);
	await until(() => gateway.isHolding);
	const [isOver] = timers.mock.calls.find(([, delayMs]) => delayMs === 30_000) ?? [];
	isOver?.();
	expect((await answer).status).toBe(503);
	const times = demanded.length;
	gateway.tick();
	expect(demanded).toHaveLength(times);
});

test('without an instance the answer is 503, and the connection is kept', async () => {
	const {published} = await open({});
	const received = await exchange(
		published,
		'GET / HTTP/1.1|Host: a||GET / HTTP/1.1|Host: a||',
		/503[\s\S]*503[\s\S]*ready/,
	);
	expect(received).toContain('No instance of web is ready.');
	expect(received).not.toContain('Connection: close');
});
