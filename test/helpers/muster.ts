import {writeFileSync} from 'node:fs';
import {ownHome} from '../../source/backends/local/home.ts';

// The roles of the program from its sources, for tests that start real processes: what dist/muster is when it is built.
// Each loads its own part only, as there.
const home = ownHome();
const [role, name = ''] = process.argv.slice(2);
const {MUSTER_TEST_DAEMON: mark} = process.env;
if (role === 'daemon' && mark) {
	// For who wants to know only whether a daemon is started.
	writeFileSync(mark, '');
} else if (role === 'daemon') {
	const {runDaemon} = await import('../../source/daemon/run-daemon.ts');
	process.exitCode = await runDaemon({home, version: '0.0.0-test'});
} else if (role === 'agent') {
	const {runAgent} = await import('../../source/backends/local/agent/index.ts');
	const {MUSTER_NODE_ID: nodeId = '', MUSTER_NODE_GENERATION: generation} = process.env;
	const cgroups = process.env.MUSTER_TEST_CGROUPS === 'none' ? null : undefined;
	await runAgent({home, nodeName: name, nodeId, generation: Number(generation), cgroups});
} else if (role === 'hold') {
	const {runHolder} = await import('../../source/backends/local/agent/hold.ts');
	await runHolder(process.argv.slice(3));
} else if (role === 'container') {
	const {runContainer} = await import('../../source/backends/local/agent/runtimes/docker.ts');
	process.exit(await runContainer(name));
} else if (role === 'container-exec') {
	const {execInContainer} = await import('../../source/backends/local/agent/runtimes/docker.ts');
	process.exit(await execInContainer(name, process.argv[4] === 'tty', process.argv.slice(6)));
} else if (role === 'container-doors') {
	const {helpWithin} = await import('../../source/backends/local/agent/runtimes/open-within.ts');
	process.exit(await helpWithin());
} else if (role === 'gateway') {
	const {runGateway} = await import('../../source/backends/local/gateway/index.ts');
	process.exitCode = await runGateway({home});
} else {
	throw new Error(`no role ${role}`);
}
