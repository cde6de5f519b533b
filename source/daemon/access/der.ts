/* The few shapes of DER (X.690) that a certificate is made of. */

const tags = {boolean: 0x01, integer: 0x02, bits: 0x03, octets: 0x04, oid: 0x06, utf8: 0x0c, sequence: 0x30, set: 0x31};
const utcTime = 0x17;
const generalizedTime = 0x18;

/** UTCTime has two digits for the year: up to this one. */
const lastShortYear = 2049;

function tagged(tag: number, content: Uint8Array): Buffer {
	return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content]);
}

function lengthOf(length: number): Buffer {
	if (length < 0x80) {
		return Buffer.from([length]);
	}

	const digits = length.toString(16);
	const bytes = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
	return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes]);
}

export function sequence(...parts: readonly Uint8Array[]): Buffer {
	return tagged(tags.sequence, Buffer.concat(parts));
}

export function set(...parts: readonly Uint8Array[]): Buffer {
	return tagged(tags.set, Buffer.concat(parts));
}

/** Of bytes, the most significant first; never negative. */
export function integer(bytes: Uint8Array): Buffer {
	const start = bytes.findIndex(byte => byte !== 0);
	const digits = start === -1 ? Buffer.from([0]) : bytes.subarray(start);
	return tagged(tags.integer, (digits[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), digits]) : digits);
}

export function truth(): Buffer {
	return tagged(tags.boolean, Buffer.from([0xff]));
}

export function utf8(text: string): Buffer {
	return tagged(tags.utf8, Buffer.from(text));
}

export function octets(content: Uint8Array): Buffer {
	return tagged(tags.octets, content);
}

/** `unused`: how many bits at the end do not count. */
export function bits(content: Uint8Array, unused = 0): Buffer {
	return tagged(tags.bits, Buffer.concat([Buffer.from([unused]), content]));
}

export function oid(dotted: string): Buffer {
	const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
	return tagged(tags.oid, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(value: number): number[] {
	const digits = [value % 128];
	for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) {
		digits.unshift((rest % 128) | 0x80);
	}

	return digits;
}

/** To the second, in the form that X.509 wants for its year. */
export function time(at: number): Buffer {
	const date = new Date(at);
	const text = `${date.toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)}Z`;
	return date.getUTCFullYear() > lastShortYear
		? tagged(generalizedTime, Buffer.from(text))
		: tagged(utcTime, Buffer.from(text.slice(2)));
}

/** `[number]`, around other values. */
export function explicit(number: number, content: Uint8Array): Buffer {
	return tagged(0xa0 | number, content);
}

/** `[number]`, in the place of a value's own tag. */
export function implicit(number: number, content: Uint8Array): Buffer {
	return tagged(0x80 | number, content);
}
