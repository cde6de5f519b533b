/** Chance, injected: numbers in [0, 1). */
export type Random = () => number;

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** A new id: 12 characters of Crockford's base 32, 60 bits of chance. */
export function newId(random: Random): string {
	let id = '';
	for (let index = 0; index < 12; index++) {
		id += alphabet[Math.floor(random() * 32)];
	}

	return id;
}
