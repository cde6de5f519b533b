import {expect, test} from 'vitest';
import type {FilesFacet, Tunnel} from '../../../../source/core/backend.ts';
import {run} from '../../run.ts';

const cluster = 'service web replicas 2 · node n1 ready · instance web.1 on n1 running · instance web.2 on n1 running';

/** An instance with one folder and one file; what is written to it is told. */
function files(): {facet: FilesFacet; written: string[]} {
	const written: string[] = [];
	const there: Readonly<Record<string, 'file' | 'folder'>> = {'/srv': 'folder', '/etc/motd': 'file'};
	return {
		written,
		facet: {
			stat: async (_, path) => there[path],
			read: async function* ({name}, path) {
				yield Buffer.from(`${name}:${path}`);
			},
			async write({name}, folder, archive) {
				const [{length}] = [await Array.fromAsync(archive)];
				written.push(`${name}:${folder} ${length}`);
			},
		},
	};
}

test.each<[string, number, RegExp]>([
	['cp site web.1:/srv', 0, /^1 file \(5 B\) copied to web\.1:\/srv\n$/],
	['cp site web:/srv', 0, /copied to web\.1:\/srv/],
	['cp web.1:/etc/motd .', 0, /^2 files \(7 B\) copied from web\.1/],
	['cp gone web.1:/srv', 3, /there is no file \/here\/gone/i],
	['cp site web.1:/nowhere/x', 3, /web\.1 has no folder \/nowhere/],
	['cp web.1:/gone .', 3, /web\.1 has no file \/gone/],
	['cp web.9:/etc/motd .', 3, /web\.9/],
	['cp site other', 2, /both are files of this machine/],
	['cp web.1:/a web.2:/b', 2, /both are in instances/],
	['cp web.1: x', 2, /names no path/],
	['cp - web.1:/srv', 2, /standard input/],
	['cp --read-only site web.1:/srv', 6, /nothing is changed/i],
])('%s', async (line, expected, said) => {
	const {facet} = files();
	const {code, stderr} = await run(line, {cluster, facets: {files: facet}, local: ['site']});
	expect([code, stderr]).toEqual([expected, expect.stringMatching(said)]);
});

test('what goes into an instance is shown first, and recorded', async () => {
	const {facet, written} = files();
	const given = {cluster, facets: {files: facet}, local: ['site']};
	const dry = await run('cp --dry-run site web.1:/srv', given);
	expect([dry.code, dry.stdout, written]).toEqual([0, expect.stringContaining('muster cp site web.1:/srv\n'), []]);
	const done = await run('cp site web.1:/srv', given);
	expect([done.journal, written]).toEqual([['ann: muster cp site web.1:/srv'], ['web.1:/srv 1']]);
});

test('an archive goes to standard output, but not to a terminal', async () => {
	const {facet} = files();
	const piped = await run('cp web.1:/srv -', {cluster, facets: {files: facet}});
	expect([piped.code, piped.stdout]).toEqual([0, 'web.1:/srv']);
	expect((await run('cp web.1:/srv -', {cluster, facets: {files: facet}, columns: 80})).code).toBe(2);
});

test('an engine without it says so', async () => {
	expect(await run('cp web.1:/srv .', {cluster, local: []})).toMatchObject({code: 8});
	expect(await run('cp site web.1:/srv', {cluster, local: ['site']})).toMatchObject({code: 8});
	expect(await run('port-forward web 80', {cluster, local: []})).toMatchObject({code: 8});
});

const connect = async (): Promise<Tunnel> => {
	throw new Error('nobody connects');
};

test('a port-forward goes on until ctrl-c', async () => {
	const interrupting = new AbortController();
	const ran = await run('port-forward web 8080:80 :90', {
		cluster,
		facets: {connect},
		local: [],
		interrupted: interrupting.signal,
		listening: () => interrupting.abort(),
	});
	expect(ran).toMatchObject({
		code: 130,
		stdout: '127.0.0.1:8080 → web port 80\n127.0.0.1:40000 → web port 90\n',
		stderr: '',
	});
});

test.each<[string, number, RegExp]>([
	['port-forward web 0', 2, /is not \[LOCAL:\]PORT/],
	['port-forward web', 2, /PORT/],
	['port-forward wep 80', 3, /web/],
	['port-forward --dry-run web.2 :80', 0, /^$/],
])('%s', async (line, code, said) => {
	const ran = await run(line, {cluster, facets: {connect}, local: []});
	expect([ran.code, ran.stderr]).toEqual([code, expect.stringMatching(said)]);
});
