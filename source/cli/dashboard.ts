import {discoverContexts, openContext, type Surroundings} from '../backends/index.ts';
import {remoteContexts} from '../backends/local/client/remote.ts';
import type {Home} from '../backends/local/home.ts';
import type {Backend} from '../core/backend.ts';
import {stripControl} from '../core/text/text.ts';
import {realClock} from '../daemon/clock.ts';
import {runDashboard} from '../views/index.tsx';
import type {About} from '../views/state.ts';
import {keepCompiledCode} from './compiled-code.ts';
import {createJournalFile} from './journal-file.ts';
import {createPorts} from './ports/index.ts';

export type DashboardOptions = {
	readonly home: Home;
	readonly context: string;
	readonly surroundings: Surroundings;
	readonly namespace?: string | undefined;
	readonly allNamespaces?: boolean | undefined;
	readonly who: string;
	readonly readOnly: boolean;
	readonly colour: boolean;
	/** False: it is the terminal's from the start. */
	readonly mouse: boolean;
};

/** The full screen on one context, and on others and other namespaces that are gone to from there, until it is left. */
export async function dashboard(options: DashboardOptions): Promise<number> {
	let shown: Shown | undefined = {backend: await openWaiting(options, options.context)};
	const keepNoMore = keepCompiledCode();
	try {
		while (shown !== undefined) {
			shown = await show(options, shown);
		}
	} finally {
		keepNoMore();
	}

	return 0;
}

/** How long an empty terminal needs no word. */
const patienceMs = 700;

/** There is no screen yet that could say what is waited for. */
async function openWaiting(options: DashboardOptions, context: string): Promise<Backend> {
	const {stdout} = process;
	let isSaid = false;
	const timer = setTimeout(() => {
		isSaid = true;
		stdout.write(` Waiting for ${stripControl(context)} …  ctrl-c leaves`);
	}, patienceMs);
	try {
		return await open(options, context);
	} finally {
		clearTimeout(timer);
		if (isSaid) {
			stdout.write(`\r${clearToLineEnd}`);
		}
	}
}

const clearToLineEnd = '\u001b[K';

function open({surroundings, namespace, allNamespaces, home}: DashboardOptions, context: string): Promise<Backend> {
	return openContext(context, {...surroundings, namespace, allNamespaces}, {home, autoStart: true});
}

type Shown = {
	readonly backend: Backend;
	readonly screen?: string;
	readonly about?: About | undefined;
	readonly filter?: string | undefined;
};

/** Answers with what to go on with. */
async function show(options: DashboardOptions, {backend, screen, about, filter}: Shown): Promise<Shown | undefined> {
	const {env, stdin, stdout} = process;
	const {home, surroundings, who, readOnly, colour, mouse} = options;
	try {
		const wish = await runDashboard({
			backend,
			screen,
			about,
			filter,
			journal: createJournalFile(home.journal),
			who,
			clock: realClock,
			random: Math.random,
			readOnly,
			ports: {
				...createPorts({stdin, stdout, env, home}),
				async tended() {
					const {tendedContexts} = await import('./tended.ts');
					return tendedContexts(home);
				},
				contexts: {
					list: async () => [
						{name: 'local', engine: 'local', endpoint: home.socket},
						...remoteContexts(home),
						...(await discoverContexts(undefined, surroundings)),
					],
					open: async name => open(options, name),
					peek: async name => openContext(name, {...surroundings, allNamespaces: true}, {home, autoStart: false}),
				},
			},
			env: {...env, ...(colour ? {} : {NO_COLOR: '1'}), ...(mouse ? {} : {MUSTER_MOUSE: 'off'})},
			stdin,
			stdout,
		});
		if (wish === undefined || 'backend' in wish) return wish;
		const {screen: screenThere, about: aboutThere, filter: filterThere, ...scope} = wish;
		const others = {...options, namespace: undefined, allNamespaces: undefined, ...scope};
		const there = await openWaiting(others, backend.name);
		return {backend: there, screen: screenThere, about: aboutThere, filter: filterThere};
	} finally {
		backend.close();
	}
}
