import type {Backend} from '../../core/backend.ts';
import {ClusterError, toClusterError} from '../../core/error.ts';
import type {Instance, Service} from '../../core/model/index.ts';
import {kindPrefix} from './kind-prefix.ts';
import {findOne, noneNamed} from './resolve.ts';

/** What a word names where a service or an instance may stand. */
export type Reached = {readonly service: Service | undefined; readonly instances: readonly Instance[]};

/** Instance names have a dot, service names do not; ids are tried with both. */
export async function reach(backend: Backend, word: string, {exact}: {exact: boolean}): Promise<Reached> {
	let refused: unknown;
	const [services, instances] = await Promise.all([
		backend.list({kind: 'service'}).catch((thrown: unknown): {readonly items: readonly Service[]} => {
			if (toClusterError(thrown).code !== 'not-allowed') throw thrown;
			refused = thrown;
			return {items: []};
		}),
		backend.list({kind: 'instance', history: true}),
	]);
	if (instances.items.some(({name, id}) => name === word || (word.length >= 4 && id.startsWith(word)))) {
		return {service: undefined, instances: [findOne('instance', instances.items, word, {exact: true})]};
	}

	const isInstance =
		kindPrefix(word)?.kind === 'instance' || (!exact && isOnlyInstances(services.items, instances.items, word));
	if (word.includes('.') || isInstance) {
		return {service: undefined, instances: [findOne('instance', instances.items, word, {exact})]};
	}

	// Who may see instances only reaches these.
	if (refused !== undefined) throw refused;
	const service = serviceNamed(services.items, instances.items, word, exact);
	return {service, instances: instances.items.filter(({serviceId}) => serviceId === service.id)};
}

function serviceNamed(
	services: readonly Service[],
	instances: readonly Instance[],
	word: string,
	exact: boolean,
): Service {
	try {
		return findOne('service', services, word, {exact});
	} catch (thrown) {
		if (!(thrown instanceof ClusterError) || thrown.code !== 'not-found' || kindPrefix(word) !== undefined)
			throw thrown;
		const names = [...services, ...instances].map(({name}) => name);
		throw noneNamed('service or instance', names, word);
	}
}

/** The beginning of an instance's name, and of no service's: where instances have names without a dot. */
function isOnlyInstances(services: readonly Service[], instances: readonly Instance[], word: string): boolean {
	const begins = ({id, name}: {readonly id: string; readonly name: string}) =>
		name.startsWith(word) || id.startsWith(word);
	return word !== '' && !services.some(begins) && instances.some(begins);
}

/** The one that a session goes to: of a service's, the running one with the lowest slot. Throws `conflict`. */
export async function reachRunning(backend: Backend, word: string): Promise<Instance> {
	const {service, instances} = await reach(backend, word, {exact: true});
	const [running] = instances
		.filter(({status}) => status.state === 'running')
		.toSorted((a, b) => a.slot - b.slot || b.createdAt - a.createdAt);
	if (running !== undefined) {
		return running;
	}

	const [only] = instances;
	const said = instances.find(({status}) => status.reason !== undefined)?.status.reason;
	const state = service === undefined && only !== undefined ? stateText(only) : 'no instance of it is running';
	const why = said === undefined ? state : `${state}: ${said}`;
	throw new ClusterError('conflict', `${service?.name ?? only?.name ?? word} cannot be reached: ${why}`);
}

function stateText({status: {state}}: Instance): string {
	return state === 'failed' || state === 'completed' ? `it has ${state}` : `it is ${state}`;
}

/** For a facet that the engine may lack. */
export function facet<T>(backend: Backend, found: T | undefined, what: string): T {
	if (found === undefined) {
		throw new ClusterError('unsupported', `${backend.engine} cannot ${what}`);
	}

	return found;
}
