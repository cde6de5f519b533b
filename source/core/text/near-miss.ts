/** Names longer than this are compared by their beginning only. */
const maxLength = 64;

/** The name that was probably meant: one that begins with what was written, or is at most two slips away from it. */
export function nearMiss(written: string, known: readonly string[]): string | undefined {
	const word = written.toLowerCase().slice(0, maxLength);
	const allowed = word.length <= 3 ? 1 : 2;
	return known
		.map(name => ({name, slips: slipsFor(word, name.toLowerCase().slice(0, maxLength))}))
		.filter(({slips}) => slips <= allowed)
		.toSorted((a, b) => a.slips - b.slips || (a.name < b.name ? -1 : 1))[0]?.name;
}

function slipsFor(word: string, name: string): number {
	return word.length > 1 && name.startsWith(word) ? 1 : distance(word, name);
}

/** Letters to add, drop, change, or swap with their neighbour. */
function distance(a: string, b: string): number {
	let beforeLast: number[] = [];
	let last = Array.from({length: b.length + 1}, (_, column) => column);
	for (let row = 1; row <= a.length; row++) {
		const line = [row];
		for (let column = 1; column <= b.length; column++) {
			const same = a[row - 1] === b[column - 1];
			let slips = Math.min(at(last, column) + 1, at(line, column - 1) + 1, at(last, column - 1) + (same ? 0 : 1));
			if (a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1] && row > 1 && column > 1) {
				slips = Math.min(slips, at(beforeLast, column - 2) + 1);
			}

			line.push(slips);
		}

		beforeLast = last;
		last = line;
	}

	return at(last, b.length);
}

function at(line: readonly number[], index: number): number {
	return line[index] ?? Number.POSITIVE_INFINITY;
}
