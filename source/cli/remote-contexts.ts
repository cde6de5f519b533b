import type {Home} from '../backends/local/home.ts';
import type {RemoteContexts} from '../commands/contexts.ts';

/** Contexts of daemons on other machines; what it takes is loaded when it is asked for. */
export function remoteContextsOf(home: Home): RemoteContexts {
	const load = () => import('../backends/local/client/remote.ts');
	return {
		async list() {
			const {remoteContexts} = await load();
			return remoteContexts(home);
		},
		async add({dryRun, ...options}) {
			const {addRemote, checkRemote} = await load();
			return dryRun ? checkRemote(home, options).name : addRemote(home, options);
		},
		async remove(name) {
			const {removeRemote} = await load();
			removeRemote(home, name);
		},
	};
}
