import {expect, test} from 'vitest';
import type {KubeClient} from '../../../../source/backends/k8s/client.ts';
import {containerExit, endedWith, withKnownEnd} from '../../../../source/backends/k8s/pods/session-end.ts';
import {exitCodeOf} from '../../../../source/backends/k8s/pods/sessions.ts';
import {answerError} from '../../../../source/backends/k8s/translate-error.ts';
import type {WirePod, WireStatus} from '../../../../source/backends/k8s/wire/wire.ts';
import type {Session} from '../../../../source/core/backend.ts';
import {ClusterError} from '../../../../source/core/error.ts';
import {createManualClock} from '../../../helpers/manual-clock.ts';

const place = {scope: 'shop', pod: 'web', container: 'app'};

/** How a session ends that the API server has ended with a code after so many seconds, where the kubelet answers so. */
async function end(code: number, seconds: number, kubelet: 'answers' | 'is dead' | 'may not be asked') {
	const clock = createManualClock();
	const asked: string[] = [];
	const client = {
		async text({path}: {readonly path: string}) {
			asked.push(path);
			const dead = 'Get "https://10.0.0.1:10250/containerLogs/shop/web/app?limitBytes=1": dial tcp: connection refused';
			if (kubelet === 'is dead') throw answerError(500, JSON.stringify({message: dead}), path);
			if (kubelet === 'may not be asked') throw answerError(403, JSON.stringify({message: 'pods is forbidden'}), path);
			return '';
		},
	} as unknown as KubeClient;
	const exit = Promise.withResolvers<number | undefined>();
	const session = withKnownEnd({exit: exit.promise} as Session, client, place, clock);
	clock.advance(seconds * 1000);
	exit.resolve(code);
	return [await session.exit, asked.length];
}

// The API server said that a migration had succeeded whose node had just died.
test('a success that came when the kubelet had died is none', async () => {
	expect(await end(0, 5, 'is dead')).toEqual([undefined, 1]);
	expect(await end(0, 5, 'answers')).toEqual([0, 1]);
	expect(await end(0, 5, 'may not be asked')).toEqual([0, 1]);
	expect(await end(3, 5, 'is dead')).toEqual([3, 0]);
	expect(await end(0, 0.1, 'is dead')).toEqual([0, 0]);
});

function pod(state: object, {uid = 'a', restartCount = 0, lastState = {}} = {}): WirePod {
	const container = {name: 'app', state, restartCount, lastState};
	return {metadata: {name: 'web', uid, resourceVersion: '1'}, status: {containerStatuses: [container]}} as WirePod;
}

/** What an attached container is said to have ended with, whose pod looks so afterwards, look by look. */
async function attached(...seen: ReadonlyArray<WirePod | undefined>) {
	let looks = 0;
	const client = {
		async json() {
			const found = seen[Math.min(looks++, seen.length - 1)];
			if (found === undefined) throw answerError(404, JSON.stringify({message: 'pods "web" not found'}), '');
			return found;
		},
	} as unknown as KubeClient;
	return containerExit(client, place, pod({running: {}}), async () => {});
}

test('an attached container ends as its pod says', async () => {
	expect(await attached(pod({running: {}}), pod({terminated: {exitCode: 7}}))).toBe(7);
	expect(await attached(pod({running: {}}, {restartCount: 1, lastState: {terminated: {exitCode: 3}}}))).toBe(3);
	expect(await attached(pod({running: {}}))).toBe(undefined);
	const removed = {code: 'failed', message: 'web was removed meanwhile; nobody knows how it ended'};
	await expect(attached(undefined)).rejects.toMatchObject(removed);
	await expect(attached(pod({running: {}}, {uid: 'b'}))).rejects.toMatchObject(removed);
	expect(endedWith(undefined, undefined)).toBe(undefined);
});

test('what the API server says of a session that did not come about', () => {
	const said = (message: string) => {
		const error = exitCodeOf({message} as WireStatus);
		return error instanceof ClusterError ? `${error.code}: ${error.message}` : error;
	};
	expect(
		said('error sending request: Post "https://127.0.1.2:1/exec/d/web/x?command=sh": dial tcp: connection refused'),
	).toBe('unreachable: the API server cannot reach the kubelet of its node: dial tcp: connection refused');
	expect(
		said(
			'Internal error occurred: Internal error occurred: error executing command in container: exec: "/no": not found in $PATH',
		),
	).toBe('failed: exec: "/no": not found in $PATH');
	expect(said('Unable to find it')).toBe('failed: unable to find it');
});
