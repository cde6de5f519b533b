import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {stringify} from 'yaml';
import type {Backend} from '../../../source/core/backend.ts';
import type {Manifest, ResourceFacet} from '../../../source/core/resource/facet.ts';
import {run} from '../../commands/run.ts';
import {isLive, liveTimeoutMs, openLive, untilLive, whySkipped} from './live.ts';

const title = isLive ? 'hostile text on a real Kubernetes' : `hostile text on a real Kubernetes: ${whySkipped}`;

/** Clears the screen, sets the title, writes to the clipboard; C1 forms, a bell, a line that goes back, and text turned round. */
const evil = '\u001b[2J\u001b]0;owned\u0007\u001b]52;c;b3duZWQ=\u0007\u009b2J\u009d0;x\u009c\u0007a\rb\bc\u202eetirw';

/** What a terminal would act on: everything but text, line ends, and the colours that muster itself writes. */
const acts = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

describe.skipIf(!isLive)(title, {timeout: liveTimeoutMs * 2}, () => {
	let backend: Backend;
	let resources: ResourceFacet;
	const name = 'hostile';
	const made = ['pods', 'configmaps', 'events'];
	const meta = {name, annotations: {note: evil}};
	beforeAll(async () => {
		backend = await openLive();
		resources = backend.facets.resources as ResourceFacet;
		const put = async (manifest: object) => resources.apply(manifest as Manifest, {dryRun: false, force: true});
		await put({...{apiVersion: 'v1', kind: 'ConfigMap'}, metadata: meta, data: {text: evil}});
		const script = 'printf \'%b\' "$EVIL"; echo; sleep 600';
		const env = [{name: 'EVIL', value: evil.replaceAll('\u001b', '\\033')}];
		const container = {name: 'a', image: 'x', command: ['sh', '-c', script], env};
		const spec = {containers: [container], terminationGracePeriodSeconds: 0};
		await put({...{apiVersion: 'v1', kind: 'Pod'}, metadata: {...meta, labels: {app: name}}, spec});
		const involvedObject = {...{apiVersion: 'v1', kind: 'Pod', name, namespace: 'default'}};
		const at = new Date().toISOString();
		const event = {involvedObject, reason: `Bad${evil}`, message: evil, type: 'Warning', firstTimestamp: at};
		await put({...{apiVersion: 'v1', kind: 'Event'}, metadata: meta, ...event, lastTimestamp: at, count: 1});
	});
	afterAll(async () => {
		for (const type of made) await resources.remove({type, name}, {}).catch(() => {});
		backend?.close();
	});

	const printed = async (line: string, columns: number) => {
		const {stdout, stderr} = await run(line, {open: openLive, columns});
		return `${stdout}${stderr}`;
	};

	test.each([
		'get pods hostile',
		'get events',
		'get configmaps hostile',
		'get pod hostile -o wide',
		'get configmap hostile -o yaml',
		'get pod hostile -o json',
		'describe pod hostile',
		'describe configmap hostile',
		'ps -a',
		'instance describe hostile',
		'instance inspect hostile',
		'config inspect hostile',
		'config ls',
		'events',
	])('muster %s writes nothing that a terminal would act on', async line => {
		const text = await printed(line, 120);
		expect(text).toMatch(/hostile|Bad/);
		expect(text.replaceAll(/\u001b\[[\d;]*m/g, '')).not.toMatch(acts);
	});

	test('what a container has written is harmless in its logs', async () => {
		let text = '';
		await untilLive('it has written', async () => {
			text = await printed('logs hostile', 120);
			return text.includes('etirw');
		});
		expect(text.replaceAll(/\u001b\[[\d;]*m/g, '')).not.toMatch(acts);
	});

	test('it is there as it was written, for who asks the API', async () => {
		const config = (await resources.read({type: 'configmaps', name}, {reveals: true})) as {data: {text: string}};
		expect(config.data.text).toBe(evil);
		expect(stringify(config)).toContain('owned');
	});
});
