import type {Patch} from '../../../core/backend.ts';
import {differencePatch, isObject, mergePatch} from '../../../core/difference/merge-patch.ts';
import type {ContainerOptions, FileAttachment, Labels, Placement, ServiceSpec} from '../../../core/model/index.ts';
import {withoutDigest} from '../../../core/spec/image-name.ts';
import {serviceSpec} from '../../../core/spec/service-spec.ts';

/** Docker keeps something about a stack on its services. */
const engineLabel = /^com\.docker\./;

/**
 * What makes of a service what a file asks for now; undefined: nothing does. What the file no longer says is taken away, but for
 * policies, which each engine has by itself, and for what is somebody else's: how many run where the file does not say it or the
 * load does, a pause, the digest of an image.
 */
export function serviceChange(
	before: ServiceSpec,
	asked: Patch<ServiceSpec>,
	newest: Newest = () => undefined,
): Patch<ServiceSpec> | undefined {
	return differencePatch(inOrder(before), inOrder(target(before, asked, newest)));
}

/** The version of a config or secret that services are to have. */
export type Newest = (kind: 'configs' | 'secrets', name: string) => number | undefined;

function target(before: ServiceSpec, asked: Patch<ServiceSpec>, newest: Newest): ServiceSpec {
	const wanted = serviceSpec(asked);
	const {autoscale, paused, canary, forceUpdate, maxConcurrent, template} = before;
	const policy = <K extends 'restart' | 'update' | 'rollback'>(name: K) =>
		mergePatch(before[name], (asked?.[name] ?? {}) as Patch<ServiceSpec[K]>);
	const isCounted = asked?.replicas === undefined || autoscale !== undefined;
	return {
		...wanted,
		...{paused, canary, forceUpdate, maxConcurrent},
		...(autoscale && {autoscale}),
		...(isCounted && wanted.mode === before.mode && {replicas: before.replicas}),
		labels: {...engineLabels(before.labels), ...wanted.labels},
		template: {
			...wanted.template,
			image: isSameImage(template.image, wanted.template.image) ? template.image : wanted.template.image,
			stopSignal: asked?.template?.stopSignal ?? template.stopSignal,
			stopGraceMs: asked?.template?.stopGraceMs ?? template.stopGraceMs,
			...withLabels(wanted.template.container, engineLabels(template.container?.labels)),
			...(template.isolation && {isolation: template.isolation}),
			...filesAsGiven('configs', before, wanted, newest),
			...filesAsGiven('secrets', before, wanted, newest),
		},
		placement: {...wanted.placement, constraints: constraintsAsGiven(before.placement, wanted.placement)},
		restart: policy('restart'),
		update: policy('update'),
		rollback: policy('rollback'),
	};
}

function engineLabels(labels: Labels = {}): Labels {
	return Object.fromEntries(Object.entries(labels).filter(([name]) => engineLabel.test(name)));
}

function withLabels(container: ContainerOptions | undefined, labels: Labels): {container?: ContainerOptions} {
	const all = {...labels, ...container?.labels};
	return Object.keys(all).length === 0 ? {} : {container: {...container, labels: all}};
}

/** Docker keeps them with the spaces that they were written with. */
function constraintsAsGiven(before: Placement, wanted: Placement): readonly string[] {
	const bare = ({constraints}: Placement) => constraints.map(text => text.replaceAll(' ', '')).join('\n');
	return bare(before) === bare(wanted) ? before.constraints : wanted.constraints;
}

/** The engine pins an image, and says where in the PATH it has found an executable. */
function isSameImage(before: string, wanted: string): boolean {
	const [, found = ''] = /^exec:.*\/([^/]+)$/.exec(before) ?? [];
	return withoutDigest(before) === wanted || (found !== '' && wanted === `exec:${found}`);
}

/**
 * The version that is given is the engine's to say, of what is given anew the newest; so is which file it is, where that is not
 * said. Who was left with an older version, since whoever changed the content was ended before the services, is given the newest.
 */
function filesAsGiven(
	kind: 'configs' | 'secrets',
	{template: {[kind]: before}, mode}: ServiceSpec,
	{template: {[kind]: wanted = []}}: ServiceSpec,
	newest: Newest,
): Partial<Pick<ServiceSpec['template'], 'configs' | 'secrets'>> {
	if (before === undefined) return {};
	const bare = before.map(({version: _, key, ...file}, index) =>
		key === undefined || wanted[index]?.key === undefined ? file : {...file, key},
	);
	const isSame = JSON.stringify(inOrder(bare)) === JSON.stringify(inOrder(wanted));
	const isOlder = ({source, version, onChange = 'update'}: FileAttachment) =>
		version !== undefined && onChange === 'update' && version < (newest(kind, source) ?? 1);
	// What a job runs it runs once.
	return isSame && (mode === 'job' || !before.some(isOlder)) ? {[kind]: before} : {};
}

/** In what order members stand says nothing. */
function inOrder<T>(value: T): T {
	if (Array.isArray(value)) return value.map(one => inOrder(one)) as T;
	if (!isObject(value)) return value;
	const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
	return Object.fromEntries(members.map(([key, one]) => [key, inOrder(one)])) as T;
}
