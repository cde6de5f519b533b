import {expect, test} from 'vitest';
import type {KubeClient} from '../../../../source/backends/k8s/client.ts';
import {requireNamespace} from '../../../../source/backends/k8s/reading/namespaces.ts';
import {answerError} from '../../../../source/backends/k8s/translate-error.ts';

const namespaces = '/api/v1/namespaces';

/** A server that knows these namespaces; `refused`: paths that it answers with such a status. */
function server(
	names: readonly string[],
	refused: Readonly<Record<string, readonly [number, string]>> = {},
): KubeClient {
	return {
		async json({path}: {readonly path: string}) {
			const [status, message] = refused[path] ?? [];
			if (status !== undefined) throw answerError(status, JSON.stringify({message}), path);
			if (path === namespaces) return {items: names.map(name => ({metadata: {name}}))};
			const name = path.slice(namespaces.length + 1);
			if (name === 'going' && names.includes(name))
				return {metadata: {name, deletionTimestamp: '2026-01-01T00:00:00Z'}};
			if (names.includes(name)) return {metadata: {name}};
			throw answerError(404, JSON.stringify({message: `namespaces "${name}" not found`}), path);
		},
	} as unknown as KubeClient;
}

const noShop = {message: 'there is no namespace "shpo"', code: 'not-found'};

test('one that is there', async () => {
	await requireNamespace(server(['shop']), 'shop');
});

test('one that is not there, and what may be meant', async () => {
	await expect(requireNamespace(server(['shop', 'default']), 'shpo')).rejects.toMatchObject({
		...noShop,
		hint: 'did you mean shop?',
	});
	await expect(requireNamespace(server(['other']), 'shpo')).rejects.toMatchObject({
		...noShop,
		hint: '`muster get namespaces` shows what there is',
	});
});

test('all of them is another flag', async () => {
	await expect(requireNamespace(server(['shop']), 'all')).rejects.toMatchObject({
		code: 'not-found',
		hint: 'All of them: -A',
	});
});

test('one that is being deleted is soon none', async () => {
	const going = {code: 'not-found', message: 'the namespace "going" is being deleted'};
	await expect(requireNamespace(server(['going']), 'going')).rejects.toMatchObject(going);
	await requireNamespace(server(['going']), 'going', undefined, {evenGoing: true});
});

test('who may see this one, and not which there are', async () => {
	const refused = {[namespaces]: [403, 'namespaces is forbidden']} as const;
	await expect(requireNamespace(server(['shop'], refused), 'shpo')).rejects.toMatchObject(noShop);
});

test.each([
	['who may not ask', 403, 'namespaces "shpo" is forbidden'],
	['a server that fails', 500, 'oh no'],
	['something before the server that knows no such path', 404, '404 page not found'],
])('%s is told nothing', async (_, status, message) => {
	await requireNamespace(server([], {[`${namespaces}/shpo`]: [status, message]}), 'shpo');
});
