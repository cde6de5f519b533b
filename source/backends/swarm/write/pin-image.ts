import {toClusterError} from '../../../core/error.ts';
import {withoutDigest} from '../../../core/spec/image-name.ts';
import {stripControl} from '../../../core/text/text.ts';
import type {RawPlatform, RawServiceSpec} from '../api-types.ts';
import type {SwarmCalls} from '../connection/swarm-calls.ts';
import type {RegistryAuth} from './registry-auth.ts';

/** What an image stands for at this moment. */
export type Pinned = {
	/** With its digest, where the registry told it. */
	readonly image: string;
	/** Where it can run; undefined: nobody knows. */
	readonly platforms: readonly RawPlatform[] | undefined;
};

/**
 * As the docker command does it: what a tag stands for is asked once, so that all nodes run the same. Where the registry cannot be
 * asked the tag stays, and each node asks by itself: that is a warning.
 */
export async function pinImage(
	calls: Pick<SwarmCalls, 'distribution'>,
	image: string,
	auth: RegistryAuth | undefined,
	warn: ((text: string) => void) | undefined,
): Promise<Pinned> {
	const isPinned = withoutDigest(image) !== image;
	try {
		const {Descriptor, Platforms} = await calls.distribution(image, auth);
		const platforms = Platforms?.map(toSpecified);
		return {image: isPinned ? image : `${withTag(image)}@${Descriptor.digest}`, platforms};
	} catch (thrown) {
		// What the engine said ends with the reason, after what it tried.
		const why = toClusterError(thrown)
			.message.replace(/^the engine at .+? said: (Get "[^"]*": )?/, '')
			.replace(/\.$/, '');
		const name = stripControl(image);
		if (!isPinned) {
			warn?.(
				`${name}: its registry does not tell which image that is (${why}). Each node looks ${name} up by itself, and they may run different ones.`,
			);
		}

		return {image, platforms: undefined};
	}
}

/** Writes where the image can run; what was known of another image does not hold for this one. */
export function writePlatforms({TaskTemplate: task}: RawServiceSpec, {platforms}: Pick<Pinned, 'platforms'>): void {
	if (platforms === undefined || platforms.length === 0) {
		if (task.Placement !== undefined) delete task.Placement.Platforms;
		return;
	}

	task.Placement = {...task.Placement, Platforms: [...platforms]};
}

/** Swarm's nodes name the kinds of ARM otherwise than images do: those are not compared. */
function toSpecified({
	architecture = '',
	os = '',
}: {
	readonly architecture?: string;
	readonly os?: string;
}): RawPlatform {
	return {Architecture: architecture.toLowerCase() === 'arm' ? '' : architecture, OS: os};
}

/** `registry:5000/web` → `registry:5000/web:latest`. */
function withTag(image: string): string {
	return /:[^/]*$/.test(image) ? image : `${image}:latest`;
}
