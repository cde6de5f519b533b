import type {Key} from '../input/keys.ts';
import type {Ui} from '../ui.ts';

/*
 * What hands have learnt elsewhere (k9s, kubectl, docker) and is called otherwise here. Words that name one of our screens
 * lead there; for what has no screen it is said what does it. An engine's own kinds come before these.
 */

/** Words of other tools, by the screen that shows what they mean. */
const meant: Readonly<Record<string, readonly string[]>> = {
	services:
		'sts statefulset statefulsets ds daemonset daemonsets rs replicasets job jobs cj cronjob cronjobs workloads home'.split(
			' ',
		),
	instances: 'co container containers'.split(' '),
	nodes: 'host hosts machines'.split(' '),
	volumes: 'pv persistentvolumes persistentvolumeclaims'.split(' '),
	networks: 'netpol networkpolicies'.split(' '),
	pulse: 'pulses top dash'.split(' '),
	troubles: 'popeye problems'.split(' '),
	help: 'aliases alias keys'.split(' '),
	autoscalers: 'hpa horizontalpodautoscalers'.split(' '),
	contexts: 'clusters cluster swarms'.split(' '),
};

const screenOf: ReadonlyMap<string, string> = new Map(
	Object.entries(meant).flatMap(([screen, words]) => words.map(word => [word, screen] as const)),
);

const noNamespaces = (ui: Ui) => `${ui.executor.backend.name} has no namespaces`;

/** What has no screen here, by its word: what to do instead. */
const instead: Readonly<Record<string, (ui: Ui) => string>> = {
	ns: noNamespaces,
	namespace: noNamespaces,
	namespaces: noNamespaces,
	ing: () => 'ports and domains belong to a service: u changes them',
	ingress: () => 'ports and domains belong to a service: u changes them',
	ingresses: () => 'ports and domains belong to a service: u changes them',
	sd: () => 'ctrl-s saves what is shown, and says where',
	screendump: () => 'ctrl-s saves what is shown, and says where',
	screendumps: () => 'ctrl-s saves what is shown, and says where',
	plugin: () => 'own commands with keys of their own are written into the config file',
	plugins: () => 'own commands with keys of their own are written into the config file',
	crd: ({executor}) => `${executor.backend.name} has no kinds beyond these screens`,
	crds: ({executor}) => `${executor.backend.name} has no kinds beyond these screens`,
	helm: () => 'stacks shows what was made together',
	dir: () => 'files are applied by the command muster apply -f',
	apply: () => 'files are applied by the command muster apply -f',
	rbac: () => 'who has access: the command muster access ls',
	users: () => 'who has access: the command muster access ls',
};

export function foreignScreen(word: string): string | undefined {
	return screenOf.get(word);
}

export function insteadOf(ui: Ui, word: string): string | undefined {
	return Object.hasOwn(instead, word) ? instead[word]?.(ui) : undefined;
}

/** Keys that do something in k9s, where none of ours has them. */
const insteadOfKeys: Readonly<Record<Key, string>> = {
	'ctrl-r': 'what is shown is live; ctrl-l draws it again',
	r: 'what is shown is live; R restarts a service',
	i: 'u on a service changes its image',
	z: 'V on a service shows its versions',
	p: 'p is for logs: the run before',
	x: 'y shows a secret as YAML; x in there what it holds',
	f: 'F leads a port here, :forwards lists them',
	w: 'ctrl-w shows more columns, W chooses them',
	'ctrl-e': 'there is no banner to hide',
	'ctrl-g': 'crumbs stay where they are',
	u: 'u on a service changes it',
	'+': '+ and - are for services',
	S: 'S sets the replicas of a service',
	R: 'R is for services',
	D: 'D drains a node',
	N: 'o sorts: then the letter of a column',
	C: 'o sorts: then the letter of a column',
	I: 'o sorts: then the letter of a column',
	T: 'o sorts: then the letter of a column',
	A: 'o sorts: then the letter of a column',
};

export function insteadOfKey(key: Key): string | undefined {
	return Object.hasOwn(insteadOfKeys, key) ? insteadOfKeys[key] : undefined;
}
