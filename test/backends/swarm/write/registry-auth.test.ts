import {chmodSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, describe, expect, test, vi} from 'vitest';
import {authFor, registryOf} from '../../../../source/backends/swarm/write/registry-auth.ts';

describe('the registry of an image', () => {
	test.each([
		['nginx', 'https://index.docker.io/v1/'],
		['team/app:1', 'https://index.docker.io/v1/'],
		['docker.io/team/app', 'https://index.docker.io/v1/'],
		['ghcr.io/team/app:1', 'ghcr.io'],
		['registry:5000/app', 'registry:5000'],
		['localhost/app', 'localhost'],
	])('%s', (image, expected) => {
		expect(registryOf(image)).toBe(expected);
	});
});

describe('credentials', () => {
	const folder = mkdtempSync(path.join(tmpdir(), 'muster-auth-'));
	afterEach(() => {
		vi.unstubAllEnvs();
	});

	async function asked(image: string, config: object) {
		writeFileSync(path.join(folder, 'config.json'), JSON.stringify(config));
		return authFor(image, {env: {DOCKER_CONFIG: folder}, homeFolder: '/nowhere'});
	}

	test('out of the file', async () => {
		const auths = {'ghcr.io': {auth: Buffer.from('me:a:b').toString('base64')}};
		expect(await asked('ghcr.io/x', {auths})).toEqual({username: 'me', password: 'a:b', serveraddress: 'ghcr.io'});
		expect(await asked('quay.io/x', {auths})).toBeUndefined();
	});

	test('from a helper, for one registry or for all', async () => {
		const helper = path.join(folder, 'docker-credential-test');
		writeFileSync(helper, '#!/bin/sh\nread -r r\necho "{\\"Username\\":\\"<token>\\",\\"Secret\\":\\"for-$r\\"}"\n');
		chmodSync(helper, 0o755);
		vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
		const token = {identitytoken: 'for-ghcr.io', serveraddress: 'ghcr.io'};
		expect(await asked('ghcr.io/x', {credHelpers: {'ghcr.io': 'test'}})).toEqual(token);
		expect(await asked('ghcr.io/x', {credsStore: 'test'})).toEqual(token);
		expect(await asked('quay.io/x', {credHelpers: {'ghcr.io': 'test'}})).toBeUndefined();
		expect(await asked('ghcr.io/x', {credsStore: 'is-not-there'})).toBeUndefined();
		rmSync(helper);
	});

	test('none where there is no file', async () => {
		expect(await authFor('nginx', {env: {}, homeFolder: '/nowhere'})).toBeUndefined();
	});
});
