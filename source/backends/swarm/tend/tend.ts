import {ClusterError} from '../../../core/error.ts';
import type {Service} from '../../../core/model/index.ts';
import type {TendFacet, TendLease} from '../../../core/tend/facet.ts';
import {stripControl} from '../../../core/text/text.ts';
import type {RawFile, RawService} from '../api-types.ts';
import type {Route} from '../connection/route.ts';
import type {Live} from '../reading/live.ts';
import type {Source} from '../reading/source.ts';
import {beginSpread} from '../write/spread.ts';
import {autoscaledLabel, autoscaledText, spreadOf} from './tend-labels.ts';
import {leaseName} from './tend-lease-name.ts';

const holderLabel = 'muster.holder';
const renewedLabel = 'muster.renewed';
/** A config is never empty. */
const content = Buffer.from('Who tends this swarm stands in the labels.\n').toString('base64');

type Parts = {readonly source: Source; readonly route: Route; live(): Live};

/** What whoever tends a swarm needs of it. */
export function tendFacet({source, route, live}: Parts): TendFacet {
	return {
		lease: leaseOf(route),
		async scale(service, replicas, status) {
			const raw = await find(route, service);
			if (spreadOf(raw.Spec) !== undefined) {
				throw new ClusterError('conflict', `${stripControl(service.name)} is being spread.`);
			}

			await route.calls.updateService(raw.ID, raw.Version.Index, {
				...raw.Spec,
				Mode: {...raw.Spec.Mode, Replicated: {...raw.Spec.Mode?.Replicated, Replicas: replicas}},
				Labels: {...raw.Spec.Labels, [autoscaledLabel]: autoscaledText(status)},
			});
			await source.refresh(['services', 'tasks']);
			live().nudge(['services', 'tasks']);
		},
		async spread(service, moves) {
			await beginSpread({route}, await find(route, service), moves, Date.now());
			await source.refresh(['services', 'tasks']);
			live().nudge(['services', 'tasks']);
		},
		isSpreading: ({id}) => {
			const raw = source.raw.services.find(({ID}) => ID === id);
			return raw !== undefined && spreadOf(raw.Spec) !== undefined;
		},
		async joinWords() {
			const [{JoinTokens}, {Swarm}] = await Promise.all([
				route.get<{JoinTokens: {Worker: string}}>('/swarm'),
				route.get<{Swarm: {RemoteManagers?: ReadonlyArray<{Addr: string}>}}>('/info'),
			]);
			return {
				MUSTER_JOIN_TOKEN: JoinTokens.Worker,
				MUSTER_JOIN_ADDRESS: Swarm.RemoteManagers?.[0]?.Addr ?? '',
			};
		},
	};
}

/** As it was decided about; throws `conflict` where it has changed since. */
async function find(route: Route, {id, name, revision}: Service): Promise<RawService> {
	const raw = (await route.get<readonly RawService[]>('/services')).find(({ID}) => ID === id);
	if (raw === undefined) throw new ClusterError('not-found', `There is no service ${stripControl(name)} any more.`);
	if (revision.split('.')[0] !== String(raw.Version.Index)) {
		throw new ClusterError('conflict', `The service ${stripControl(name)} was changed by somebody else meanwhile.`);
	}

	return raw;
}

/** A config: made by one only, and each change of its labels has a version of its own. */
function leaseOf(route: Route): TendLease {
	async function read(): Promise<RawFile | undefined> {
		const filters = encodeURIComponent(JSON.stringify({name: [leaseName]}));
		const found = await route.get<readonly RawFile[]>(`/configs?filters=${filters}`);
		return found.find(({Spec}) => Spec.Name === leaseName);
	}

	return {
		async read() {
			const raw = await read();
			return raw && {holder: raw.Spec.Labels?.[holderLabel] ?? '', revision: `${raw.ID} ${raw.Version.Index}`};
		},
		async write(holder, seen) {
			const {dockerode, call} = await route.docker();
			const Labels = {[holderLabel]: holder, [renewedLabel]: new Date().toISOString()};
			if (seen === undefined) {
				await call(async () => dockerode.createConfig({Name: leaseName, Labels, Data: content} as never));
				return;
			}

			const [id = '', version] = seen.revision.split(' ');
			const raw = await read();
			const request = {_query: {version}, _body: {...raw?.Spec, Name: leaseName, Labels}};
			await call(async () => dockerode.getConfig(id).update(request as never));
		},
		async remove({revision}) {
			const {dockerode, call} = await route.docker();
			await call(async () => dockerode.getConfig(revision.split(' ')[0] ?? '').remove());
		},
	};
}
