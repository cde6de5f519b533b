/** More different ones than this are not told apart: texts of a cluster can be all different. */
const maxTexts = 32;

/** Counts equal texts, to name the most frequent. */
export class Tally {
	readonly #counts = new Map<string, number>();

	add(text: string): void {
		const count = this.#counts.get(text);
		if (count !== undefined || this.#counts.size < maxTexts) {
			this.#counts.set(text, (count ?? 0) + 1);
		}
	}

	/** Of several equally frequent ones the first in the alphabet. */
	get most(): string | undefined {
		let most: string | undefined;
		for (const [text, count] of this.#counts) {
			const best = most === undefined ? 0 : (this.#counts.get(most) ?? 0);
			if (count > best || (count === best && text < (most ?? text))) {
				most = text;
			}
		}

		return most;
	}
}
