/**
 * Values of environment variables may hold what is only known at the start of an instance, as docker writes it:
 * `{{secret "db"}}`, `{{config "app"}}`, `{{.Task.Slot}}`. What is none of these stays as it is.
 */
export type EnvReference = {readonly kind: 'secret' | 'config'; readonly name: string};

const pattern =
	/\{\{\s*(?:(secret|config)\s+"([^"{}]{1,253})"|\.(Service\.Name|Task\.Slot|Task\.Name|Task\.ID|Node\.Hostname))\s*\}\}/g;

/** The configs and secrets that a value names. */
export function envReferences(value: string): readonly EnvReference[] {
	return [...value.matchAll(pattern)].flatMap(([, kind, name]) =>
		kind === undefined || name === undefined ? [] : [{kind: kind as EnvReference['kind'], name}],
	);
}

export type EnvFacts = {
	readonly service: string;
	readonly slot: number;
	readonly instance: string;
	readonly instanceId: string;
	readonly node: string;
	/** The content of a config or secret, as text. Throws a sentence where there is none. */
	content(reference: EnvReference): string;
};

export function expandEnv(value: string, facts: EnvFacts): string {
	if (!value.includes('{{')) {
		return value;
	}

	const words: Readonly<Record<string, string>> = {
		'Service.Name': facts.service,
		'Task.Slot': String(facts.slot),
		'Task.Name': facts.instance,
		'Task.ID': facts.instanceId,
		'Node.Hostname': facts.node,
	};
	return value.replace(pattern, (_, kind: EnvReference['kind'] | undefined, name = '', word = '') =>
		kind === undefined ? (words[word] ?? '') : facts.content({kind, name}),
	);
}
