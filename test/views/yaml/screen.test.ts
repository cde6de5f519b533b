import {expect, test} from 'vitest';
import type {ResourceFacet} from '../../../source/core/resource/facet.ts';
import {bodyLines} from '../../../source/views/body.ts';
import {readCluster} from '../../helpers/cluster-text.ts';
import {createScriptedCluster} from '../../helpers/scripted-cluster.ts';
import {openUi} from '../../helpers/ui.ts';

/** An engine that keeps services as secrets, of all things: these are decoded on request. */
const resources: Partial<ResourceFacet> = {
	types: async () => [],
	refOf: ({name}) => ({type: name === 'web' ? 'secrets' : 'ships', name}),
	read: async ({type, name}, {reveals}) => ({own: `${type} ${name}`, reveals}),
};

async function open(facets: object) {
	const {services} = readCluster('service api · service web');
	const harness = await openUi([], {cluster: createScriptedCluster(services, facets)});
	const press = async (...keys: readonly string[]) => {
		harness.press(...keys);
		// The text is asked for when it is drawn first, with its library.
		await expect.poll(() => lines()).not.toContain('…');
	};
	const lines = () =>
		bodyLines(harness.ui, {columns: 60, rows: 12})
			.map(line => line.trim())
			.filter(line => line !== '')
			.join('\n');
	return {press, lines, harness};
}

test('an engine with kinds of its own shows its own object, and decodes a secret on request only', async () => {
	const {press, lines, harness} = await open({resources});
	await press('j', 'y');
	expect(lines()).toBe('own: secrets web\nreveals: false');
	await press('x');
	expect(lines()).toBe('own: secrets web\nreveals: text');
	await press('x');
	expect(lines()).toBe('own: secrets web\nreveals: false');
	await press('x', 'esc', 'y');
	expect(lines()).toBe('own: secrets web\nreveals: false');
	await press('esc', 'k', 'y');
	expect(lines()).toBe('own: ships api\nreveals: false');
	await press('x');
	expect(harness.message).toBe('x: Only a secret of the engine is decoded.');
});

test('others show the model’s', async () => {
	const {press, lines} = await open({});
	await press('y');
	expect(lines()).toContain('name: api');
});
