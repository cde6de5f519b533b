// One share of the seeds, as scripts/fuzz.ts hands it out: a line of JSON for each seed.
import {fuzz} from './fuzz.ts';

const [from = '1', step = '1', total = '1000', perSeed = '1000', transcript = ''] = process.argv.slice(2);
let left = Number(total);
for (let seed = Number(from); left > 0; seed += Number(step)) {
	const print = transcript === '' ? undefined : (line: string) => process.stderr.write(`${line}\n`);
	const result = await fuzz(seed, Math.min(left, Number(perSeed)), print);
	left -= Math.max(1, result.keys);
	// Whoever reads lines takes these two for ends of lines.
	process.stdout.write(`${JSON.stringify(result).replace(/[\u2028\u2029]/g, ' ')}\n`);
}

process.exit(0);
