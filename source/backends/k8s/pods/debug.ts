import type {Session} from '../../../core/backend.ts';
import {ClusterError} from '../../../core/error.ts';
import {stripControl} from '../../../core/text/text.ts';
import type {KubeClient} from '../client.ts';
import type {WireContainerStatus, WirePod} from '../wire/wire.ts';
import {openAttach, podPath} from './sessions.ts';

type Pod = {readonly scope: string; readonly pod: string};
type Size = {readonly columns: number; readonly rows: number};

export type DebugContainer = {
	readonly image: string;
	readonly command: readonly string[];
	readonly tty: boolean;
	readonly stdin: boolean;
	/** Whose processes it sees. */
	readonly target?: string | undefined;
};

/** Adds a container to a running pod and answers with its name. It stays with the pod, ended, when it has ended. */
async function addDebugContainer(client: KubeClient, place: Pod, options: DebugContainer): Promise<string> {
	const {spec = {}} = await client.json<WirePod>({path: podPath(place)});
	const taken = new Set(
		[...(spec.containers ?? []), ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])].map(
			({name}) => name,
		),
	);
	let number = 1;
	while (taken.has(`debug-${number}`)) number++;
	const {image, command, tty, stdin, target} = options;
	const container = {
		name: `debug-${number}`,
		image,
		...(command.length === 0 ? {} : {command}),
		stdin,
		tty,
		terminationMessagePolicy: 'File',
		...(target === undefined ? {} : {targetContainerName: target}),
	};
	await client.text({
		method: 'PATCH',
		path: `${podPath(place)}/ephemeralcontainers`,
		body: {
			type: 'application/strategic-merge-patch+json',
			text: JSON.stringify({spec: {ephemeralContainers: [container]}}),
		},
	});
	return container.name;
}

const lookMs = 300;

/** Its image may have to be fetched first. */
const mostMs = 120_000;

/** Answers with its state when it runs or has ended. Throws where its image is not to be had, and where it takes too long. */
async function begun(client: KubeClient, place: Pod, name: string, rest: Rest): Promise<WireContainerStatus> {
	let said = 'nothing was heard of it';
	for (let waitedMs = 0; waitedMs < mostMs; waitedMs += lookMs) {
		const found = await stateOf(client, place, name);
		if (found?.state?.running !== undefined || found?.state?.terminated !== undefined) return found;
		const {reason, message} = found?.state?.waiting ?? {};
		said = stripControl([reason, message].filter(Boolean).join(': ') || said);
		if (reason !== undefined && /Err|BackOff|Invalid|Never/.test(reason)) {
			throw new ClusterError('failed', `the debug container ${name} does not start: ${said}`);
		}

		await rest(lookMs);
	}

	throw new ClusterError('timeout', `the debug container ${name} does not start within ${mostMs / 1000} s: ${said}`);
}

async function stateOf(client: KubeClient, place: Pod, name: string): Promise<WireContainerStatus | undefined> {
	const {status = {}} = await client.json<WirePod>({path: podPath(place)});
	return status.ephemeralContainerStatuses?.find(one => one.name === name);
}

type Rest = (ms: number) => Promise<void>;

/** Adds a container with tools and joins it; one that has ended before it could be joined is told by what it wrote. */
export async function openDebug(
	client: KubeClient,
	place: Pod,
	options: DebugContainer & {readonly size: Size | undefined},
	rest: Rest,
): Promise<Session> {
	const name = await addDebugContainer(client, place, options);
	const {state} = await begun(client, place, name, rest);
	if (state?.terminated !== undefined) return finished(client, place, name, state.terminated.exitCode);
	try {
		const session = await openAttach(client, {...place, container: name}, options, options.size);
		return {...session, exit: session.exit.then(async () => exitCode(client, place, name, rest))};
	} catch (thrown) {
		const now = (await stateOf(client, place, name))?.state?.terminated;
		if (now === undefined) throw thrown;
		return finished(client, place, name, now.exitCode);
	}
}

/** What joined it only knows that it has ended; undefined: it goes on. */
async function exitCode(client: KubeClient, place: Pod, name: string, rest: Rest): Promise<number | undefined> {
	for (let waitedMs = 0; waitedMs < 3000; waitedMs += lookMs) {
		const ended = (await stateOf(client, place, name))?.state?.terminated;
		if (ended !== undefined) return ended.exitCode ?? 0;
		await rest(lookMs);
	}

	return undefined;
}

async function finished(client: KubeClient, place: Pod, container: string, code = 0): Promise<Session> {
	const path = `${podPath(place)}/log?container=${encodeURIComponent(container)}`;
	const text = await client.text({path});
	return {
		output: (async function* () {
			if (text !== '') yield {stream: 'stdout', data: Buffer.from(text)} as const;
		})(),
		write() {},
		end() {},
		resize() {},
		exit: Promise.resolve(code),
		close() {},
	};
}
