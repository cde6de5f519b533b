import {describe, expect, test} from 'vitest';
import type {RawDistribution, RawPlatform, RawServiceSpec} from '../../../../source/backends/swarm/api-types.ts';
import {fromStatus} from '../../../../source/backends/swarm/translate-error.ts';
import {pinImage, writePlatforms} from '../../../../source/backends/swarm/write/pin-image.ts';

const digest = `sha256:${'0'.repeat(64)}`;
const auth = {username: 'me', password: 'it', serveraddress: 'reg:5000'};

/** `answer`: what the engine says of the image, or the status with which it refuses. */
async function pinned(image: string, answer: RawDistribution['Platforms'] | number) {
	const asked: unknown[] = [];
	const warnings: string[] = [];
	const docker = {
		async distribution(...request: unknown[]) {
			asked.push(request);
			if (typeof answer === 'number') throw fromStatus(answer, 'manifest unknown', 'the engine');
			return {Descriptor: {digest}, ...(answer !== undefined && {Platforms: answer})};
		},
	};
	return {...(await pinImage(docker, image, auth, text => void warnings.push(text))), asked, warnings};
}

describe('an image that is pinned', () => {
	test.each([
		['web:1', `web:1@${digest}`],
		['web', `web:latest@${digest}`],
		['reg:5000/team/web', `reg:5000/team/web:latest@${digest}`],
		[`web:1@sha256:${'1'.repeat(64)}`, `web:1@sha256:${'1'.repeat(64)}`],
	])('%s', async (image, expected) => {
		expect(await pinned(image, [])).toMatchObject({image: expected, asked: [[image, auth]], warnings: []});
	});

	test('says where it can run; any kind of ARM is any architecture', async () => {
		const {platforms} = await pinned('web:1', [
			{architecture: 'amd64', os: 'linux'},
			{architecture: 'arm', os: 'linux'},
		]);
		expect(platforms).toEqual([
			{Architecture: 'amd64', OS: 'linux'},
			{Architecture: '', OS: 'linux'},
		]);
	});
});

describe('a registry that does not answer', () => {
	test('is a warning that names image and reason; the tag stays', async () => {
		const {image, platforms, warnings} = await pinned('web:9\u001b[2J', 404);
		expect([image, platforms]).toEqual(['web:9\u001b[2J', undefined]);
		expect(warnings).toEqual([
			expect.stringMatching(/^web:9.*which image that is \(manifest unknown\).*different ones\.$/),
		]);
		expect(warnings[0]).not.toContain('\u001b');
	});

	test('is nothing to warn of where the digest was given', async () => {
		const image = `web:1@${digest}`;
		expect(await pinned(image, 401)).toMatchObject({image, platforms: undefined, warnings: []});
	});
});

describe('where another image can run', () => {
	function check(before: readonly RawPlatform[] | undefined, platforms: readonly RawPlatform[] | undefined) {
		const Placement = {Constraints: ['a==b'], ...(before && {Platforms: [...before]})};
		const spec: RawServiceSpec = {Name: 'web', TaskTemplate: {Placement}};
		writePlatforms(spec, {platforms});
		return spec.TaskTemplate.Placement;
	}

	const amd = [{Architecture: 'amd64', OS: 'linux'}];
	const arm = [{Architecture: 'arm64', OS: 'linux'}];

	test('takes the place of what was known before, or of nothing', () => {
		expect(check(amd, arm)).toEqual({Constraints: ['a==b'], Platforms: arm});
		expect(check(undefined, arm)).toEqual({Constraints: ['a==b'], Platforms: arm});
	});

	test('what is not known leaves nothing behind', () => {
		expect(check(amd, undefined)).toEqual({Constraints: ['a==b']});
		expect(check(amd, [])).toEqual({Constraints: ['a==b']});
	});
});
