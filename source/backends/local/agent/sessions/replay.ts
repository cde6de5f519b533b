import type {SessionFrame} from '../../session-frames.ts';

/** What came last, for whoever attaches later. */
export type Replay = {
	add(stream: 'stdout' | 'stderr', data: Uint8Array): void;
	frames(): readonly SessionFrame[];
};

const maxBytes = 64 * 2 ** 10;

export function createReplay(limit = maxBytes): Replay {
	let kept: Array<Extract<SessionFrame, {type: 'stdout' | 'stderr'}>> = [];
	let bytes = 0;
	return {
		add(stream, data) {
			kept.push({type: stream, data: Buffer.from(data.subarray(-limit))});
			bytes += Math.min(data.length, limit);
			// Not at each addition: what comes a byte at a time would be copied again and again.
			if (bytes > 2 * limit || kept.length > limit / 16) {
				kept = last(kept, limit);
				bytes = kept.reduce((sum, {data}) => sum + data.length, 0);
			}
		},
		frames: () => last(kept, limit),
	};
}

/** The last so many bytes, in as few frames as their streams allow. */
function last<F extends {type: 'stdout' | 'stderr'; data: Uint8Array}>(frames: readonly F[], limit: number): F[] {
	const joined: F[] = [];
	for (const frame of frames) {
		const before = joined.at(-1);
		if (before?.type === frame.type) {
			joined[joined.length - 1] = {...before, data: Buffer.concat([before.data, frame.data])};
		} else {
			joined.push(frame);
		}
	}

	let room = limit;
	return joined
		.reverse()
		.map(frame => {
			const data = room > 0 ? frame.data.subarray(-room) : new Uint8Array();
			room -= data.length;
			return {...frame, data};
		})
		.filter(({data}) => data.length > 0)
		.reverse();
}
