import type {Patch} from '../backend.ts';
import {isObject, mergePatch} from '../difference/merge-patch.ts';
import {type HealthCheck, healthDefaults} from '../model/health-check.ts';
import type {
	ContainerOptions,
	InstanceTemplate,
	PublishedPort,
	ServiceMode,
	ServiceSpec,
	UpdatePolicy,
} from '../model/index.ts';
import {noResources} from '../model/resources.ts';

export {checkName} from './name.ts';
export {checkNodeSpec} from './node-spec.ts';
export {checkServiceSpec} from './service-spec-check.ts';

/** Docker's. */
const updateDefaults: UpdatePolicy = {
	parallelism: 1,
	delayMs: 0,
	order: 'stop-first',
	monitorMs: 5000,
	maxFailureRatio: 0,
	failureAction: 'pause',
};

/** Docker's defaults, but for the restart delay: docker waits 5 s each time, here only quick failures in a row have to wait
 *  (core/restart.ts), so that what was killed once is back at once. */
function defaults(mode: ServiceMode, perNode: boolean): ServiceSpec {
	return {
		mode,
		replicas: mode === 'global' || perNode ? 0 : 1,
		maxConcurrent: 0,
		labels: {},
		template: {
			image: '',
			command: [],
			env: {},
			tty: false,
			openStdin: false,
			stopSignal: 'SIGTERM',
			stopGraceMs: 10_000,
			reserve: noResources,
			limit: {},
		},
		ports: [],
		placement: {constraints: [], preferences: [], maxReplicasPerNode: 0},
		restart: {condition: mode === 'job' ? 'on-failure' : 'any', delayMs: 0, maxAttempts: 0, windowMs: 300_000},
		update: updateDefaults,
		rollback: updateDefaults,
		paused: false,
		canary: 0,
		forceUpdate: 0,
	};
}

/**
 * The complete spec for what was given of it: of a new service, or (with `base`) of one that is patched. It may still be
 * wrong, even of another type: `checkServiceSpec` says how.
 */
export function serviceSpec(given: Patch<ServiceSpec>, base?: ServiceSpec): ServiceSpec {
	const spec = mergePatch(base ?? defaults(given?.mode ?? 'replicated', given?.perNode ?? false), given);
	if (!isObject(spec)) return spec;
	const {ports, template} = spec;
	return {
		...spec,
		...(Array.isArray(ports) && {ports: ports.map(wholePort)}),
		...(isObject(template) && {template: wholeTemplate(template)}),
	};
}

function wholeTemplate({container, ...template}: InstanceTemplate): InstanceTemplate {
	const said = withoutEmpty(isObject(container) ? onlyWhatIsOn(container) : container);
	return {
		...template,
		...(isObject(template.health) && {health: wholeHealth(template.health)}),
		...(isObject(template.reserve) && {reserve: withoutEmpty(template.reserve)}),
		...(!isEmpty(said) && {container: said}),
	} as InstanceTemplate;
}

/** Of what can only be switched on, off is nothing. */
function onlyWhatIsOn({log, ...container}: ContainerOptions): ContainerOptions {
	const {readOnly, noHealthcheck, ...others} = container;
	return {
		...others,
		...(readOnly !== false && {readOnly}),
		...(noHealthcheck !== false && {noHealthcheck}),
		log: withoutEmpty(log),
	} as ContainerOptions;
}

function withoutEmpty<T>(value: T): T {
	return isObject(value) ? (Object.fromEntries(Object.entries(value).filter(([, one]) => !isEmpty(one))) as T) : value;
}

/** An empty list or map says as little as none. */
function isEmpty(value: unknown): boolean {
	return value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
}

function wholePort(port: PublishedPort): PublishedPort {
	return isObject(port) ? {...port, protocol: port.protocol ?? 'tcp'} : port;
}

function wholeHealth(health: HealthCheck): HealthCheck {
	const test = isObject(health.test) ? ownTest(health.test) : health.test;
	return {...healthDefaults, ...health, test};
}

/** What another type of test left behind when one was patched into the other goes. */
function ownTest(given: HealthCheck['test']): HealthCheck['test'] {
	const {command, path, port, ...test} = given as Record<string, unknown>;
	const kept = {command: {command}, http: {path, port}, tcp: {port}}[given.type] ?? {};
	const own = Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined));
	return {...test, ...own} as HealthCheck['test'];
}
