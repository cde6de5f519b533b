/** What JSON leaves as it is, but a terminal acts on. */
const unsafe = /[\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

/** The same data, with every character that a terminal would act on escaped. */
export function escapeUnsafe(json: string): string {
	return json.replace(unsafe, found => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

export function toJson(value: unknown, indent?: string): string {
	return escapeUnsafe(JSON.stringify(value, undefined, indent));
}
