// `npm run test:containers`: the local engine's containers, on a dockerd that the tests start, and on a Podman where that is
// installed. `npm test` has those on Docker, too, where there is a dockerd; here it is a failure that there is none. The last
// line is `N passed, N failed`.
import {dockerLack} from '../test/helpers/docker.ts';
import {runTests} from './run-tests.ts';

if (dockerLack !== undefined) {
	process.stdout.write(`no containers can be made here: ${dockerLack}\n`);
	process.exitCode = 1;
} else {
	const [passed, failed] = runTests(
		['docker', 'podman'].map(engine => `test/backends/local/agent/runtimes/${engine}.test.ts`),
		{MUSTER_TEST_PODMAN: '1'},
	);
	process.stdout.write(`${passed} passed, ${failed} failed\n`);
	process.exitCode = failed === 0 ? 0 : 1;
}
