import type {RawDistribution, RawNodeSpec, RawServiceSpec} from '../api-types.ts';
import type {RegistryAuth} from '../write/registry-auth.ts';
import type {Reader} from './request.ts';

/** What is changed most: services and nodes. By hand, for to load dockerode would be a third of what `service create` takes. */
export type SwarmCalls = {
	/** Answers with its id. */
	createService(spec: RawServiceSpec, auth?: RegistryAuth): Promise<string>;
	updateService(id: string, version: number, spec: RawServiceSpec, auth?: RegistryAuth): Promise<void>;
	removeService(id: string): Promise<void>;
	/** What the registry of an image tells of it. */
	distribution(image: string, auth?: RegistryAuth): Promise<RawDistribution>;
	updateNode(id: string, version: number, spec: RawNodeSpec): Promise<void>;
	removeNode(id: string, force: boolean): Promise<void>;
};

/** `version`: of the API, `v1.41`. */
export function swarmCalls({send}: Pick<Reader, 'send'>, version: string): SwarmCalls {
	const post = async <T>(path: string, body: object, auth?: RegistryAuth) =>
		send<T>({method: 'POST', path: `/${version}${path}`, headers: authHeader(auth), body: JSON.stringify(body)});
	const remove = async (path: string) => send({method: 'DELETE', path: `/${version}${path}`});

	return {
		async createService(spec, auth) {
			const made = await post<{readonly ID: string}>('/services/create', spec, auth);
			return made?.ID ?? '';
		},
		async updateService(id, index, spec, auth) {
			await post(`/services/${encodeURIComponent(id)}/update?version=${index}`, spec, auth);
		},
		async removeService(id) {
			await remove(`/services/${encodeURIComponent(id)}`);
		},
		async distribution(image, auth) {
			const path = `/${version}/distribution/${image.split('/').map(encodeURIComponent).join('/')}/json`;
			const told = await send<RawDistribution>({method: 'GET', path, headers: authHeader(auth)});
			if (told === undefined) throw new Error('the engine tells nothing of the image');
			return told;
		},
		async updateNode(id, index, spec) {
			await post(`/nodes/${encodeURIComponent(id)}/update?version=${index}`, spec);
		},
		async removeNode(id, force) {
			await remove(`/nodes/${encodeURIComponent(id)}?force=${force}`);
		},
	};
}

/** Older engines want the padding that `base64url` leaves out. */
function authHeader(auth: RegistryAuth | undefined): Record<string, string> {
	if (auth === undefined) return {};
	const text = Buffer.from(JSON.stringify(auth)).toString('base64');
	return {'X-Registry-Auth': text.replaceAll('+', '-').replaceAll('/', '_')};
}
