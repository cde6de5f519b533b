/** Of node:tls, what says whom Node could trust; older ones know only their own list. */
export type AuthorityLists = {
	readonly rootCertificates: readonly string[];
	getCACertificates?(type: 'system' | 'extra'): readonly string[];
};

/**
 * Who may vouch for a server for which nobody is named: Node's own list, what the machine trusts (as kubectl and docker have it),
 * and what NODE_EXTRA_CA_CERTS adds. The launcher keeps Node from loading any by itself, since whoever names an authority needs none.
 */
export function usualAuthorities(tls: AuthorityLists): string[] {
	return [
		...tls.rootCertificates,
		...(tls.getCACertificates?.('system') ?? []),
		...(tls.getCACertificates?.('extra') ?? []),
	];
}
