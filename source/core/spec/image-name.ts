const digest = /@sha256:[0-9a-f]+$/;

/** For lists, where nobody can read a digest: `web:1@sha256:0123…` → `web:1`. */
export function withoutDigest(image: string): string {
	return image.replace(digest, '');
}
