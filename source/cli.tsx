import {readFileSync, writeSync} from 'node:fs';
import {ownHome} from './backends/local/home.ts';
import {runCommand} from './cli/run-command.ts';

/** What this program is started as by itself, with so many words; everything else is a command. */
const roles: Readonly<Record<string, {readonly words: number; run(words: readonly string[]): Promise<number>}>> = {
	daemon: {
		words: 1,
		async run() {
			const {runDaemon} = await import('./daemon/run-daemon.ts');
			return runDaemon({home: ownHome(), version: version()});
		},
	},
	agent: {
		words: 2,
		async run([nodeName = '']) {
			const {runAgent} = await import('./backends/local/agent/index.ts');
			const {MUSTER_NODE_ID: nodeId = '', MUSTER_NODE_GENERATION: generation} = process.env;
			return runAgent({home: ownHome(), nodeName, nodeId, generation: Number(generation)});
		},
	},
	tend: {
		words: 2,
		async run([context = '']) {
			const [{runTender}, {openContext}] = await Promise.all([
				import('./tender/run-tender.ts'),
				import('./backends/index.ts'),
			]);
			const home = ownHome();
			const surroundings = {env: process.env, homeFolder: process.env.HOME ?? '', cwd: process.cwd()};
			const open = (name: string) => openContext(name, surroundings, {home, autoStart: false});
			return runTender({home, context, open});
		},
	},
	gateway: {
		words: 1,
		async run() {
			const {runGateway} = await import('./backends/local/gateway/index.ts');
			return runGateway({home: ownHome()});
		},
	},
};

/** With what it was built from, so that an upgrade sees another build of the same version: `0.1.0+5d6db84a`. */
function version(): string {
	const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
	return `${(JSON.parse(manifest) as {version: string}).version}+${process.env.MUSTER_BUILD ?? 'source'}`;
}

async function start(argv: readonly string[]): Promise<number> {
	const [word = '', ...others] = argv;
	const role = Object.hasOwn(roles, word) ? roles[word] : undefined;
	if (role?.words === argv.length) {
		return role.run(others);
	}

	// Between an agent and an instance with a terminal or open input: `hold SOCKET MODE USER -- COMMAND…`.
	if (word === 'hold' && others[3] === '--') {
		const {runHolder} = await import('./backends/local/agent/hold.ts');
		return runHolder(others);
	}

	// Stands for a container, or runs something in one: `container FILE`, `container-exec FILE tty|pipes -- COMMAND…`.
	if (word === 'container' && argv.length === 2) {
		const {runContainer} = await import('./backends/local/agent/runtimes/docker.ts');
		return runContainer(others[0] ?? '');
	}

	if (word === 'container-exec' && others[2] === '--') {
		const {execInContainer} = await import('./backends/local/agent/runtimes/docker.ts');
		return execInContainer(others[0] ?? '', others[1] === 'tty', others.slice(3));
	}

	// Within a container's network, for the one that stands for it and started this.
	if (word === 'container-doors' && argv.length === 1 && process.channel) {
		const {helpWithin} = await import('./backends/local/agent/runtimes/docker.ts');
		return helpWithin();
	}

	if (argv.length === 1 && (word === '--version' || word === '-v')) {
		writeSync(1, `muster ${version()}\n`);
		return 0;
	}

	return runCommand(argv, version());
}

void start(process.argv.slice(2)).then(code => process.exit(code));
