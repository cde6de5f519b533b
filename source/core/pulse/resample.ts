import type {Samples} from './rings.ts';

/**
 * As many cells as there is room for: each the mean of the samples that fall to it, absent where all of them are. Fewer
 * samples than cells stay as they are.
 */
export function resample(samples: Samples, cells: number): Samples {
	const {length} = samples;
	if (length <= cells) {
		return samples;
	}

	return Array.from({length: cells}, (_, cell) => {
		const from = Math.floor((cell * length) / cells);
		const to = Math.floor(((cell + 1) * length) / cells);
		return meanOf(samples.slice(from, to));
	});
}

export function meanOf(samples: Samples): number | undefined {
	const known = samples.filter(sample => sample !== undefined);
	return known.length === 0 ? undefined : known.reduce((sum, sample) => sum + sample, 0) / known.length;
}
