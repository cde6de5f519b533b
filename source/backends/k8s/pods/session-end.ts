import type {Session} from '../../../core/backend.ts';
import type {Clock} from '../../../core/clock.ts';
import {ClusterError, toClusterError} from '../../../core/error.ts';
import type {KubeClient} from '../client.ts';
import {isKubeletFailure} from '../translate-error.ts';
import type {WireContainerStatus, WirePod} from '../wire/wire.ts';
import {ifThere} from '../write/writing.ts';
import {type PodPlace, podPath} from './sessions.ts';

// When the kubelet dies, or its node, the API server calls that a success of the session that went through it.

type Timing = Pick<Clock, 'after' | 'monotonicMs'>;

/** What was over sooner has most likely been answered: the kubelet is not asked after each short command. */
const soonMs = 1000;
const patienceMs = 5000;

/** With a success that is none taken back: nobody knows how the command ended. */
export function withKnownEnd(session: Session, client: KubeClient, place: PodPlace, clock: Timing): Session {
	const startedMs = clock.monotonicMs();
	const isSoon = () => clock.monotonicMs() - startedMs < soonMs;
	const exit = session.exit.then(async code =>
		code !== 0 || isSoon() || (await kubeletAnswers(client, place, clock)) ? code : undefined,
	);
	exit.catch(() => {});
	return {...session, exit};
}

/** Asked for what goes through it. Who may not ask believes what was said. */
async function kubeletAnswers(client: KubeClient, place: PodPlace, clock: Timing): Promise<boolean> {
	const patience = new AbortController();
	const cancel = clock.after(patienceMs, () => patience.abort());
	const query = new URLSearchParams({
		...{tailLines: '1', limitBytes: '1'},
		...(place.container === undefined ? {} : {container: place.container}),
	});
	try {
		await client.text({path: `${podPath(place)}/log?${query}`, signal: patience.signal});
		return true;
	} catch (thrown) {
		return !patience.signal.aborted && !isKubeletFailure(toClusterError(thrown));
	} finally {
		cancel();
	}
}

const lookMs = 250;
/** The kubelet tells that a container has ended a little after its streams. */
const looks = 20;

/**
 * Who was attached only knows that the streams are over: how the container has ended says its pod. Undefined: it goes on, as far as
 * anybody knows.
 */
export async function containerExit(
	client: KubeClient,
	place: PodPlace,
	before: WirePod,
	rest: (ms: number) => Promise<void>,
): Promise<number | undefined> {
	const own = ({status = {}}: WirePod) => status.containerStatuses?.find(({name}) => name === place.container);
	for (let look = 1; ; look++) {
		const pod = await ifThere(client.json<WirePod>({path: podPath(place)}));
		if (pod?.metadata.uid !== before.metadata.uid) {
			throw new ClusterError('failed', `${place.pod} was removed meanwhile; nobody knows how it ended`);
		}

		const code = endedWith(own(before), own(pod as WirePod));
		if (code !== undefined || look === looks) return code;
		await rest(lookMs);
	}
}

/** It may have been started again meanwhile. */
export function endedWith(
	before: WireContainerStatus | undefined,
	now: WireContainerStatus | undefined,
): number | undefined {
	if (now?.state?.terminated !== undefined) return now.state.terminated.exitCode ?? 0;
	const isAgain = (now?.restartCount ?? 0) > (before?.restartCount ?? 0);
	return isAgain ? (now?.lastState?.terminated?.exitCode ?? 0) : undefined;
}
