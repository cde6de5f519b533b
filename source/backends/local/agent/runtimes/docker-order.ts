import path from 'node:path';
import type {ContainerOptions, Endpoint} from '../../../../core/model/index.ts';
import type {Assignment} from '../../../../orchestrator/fleet.ts';
import type {Bind} from '../launch/attachments.ts';
import type {Environment} from '../launch/environment.ts';
import {hasPauseProgram} from './pause-image.ts';

/** All that a container is made from; one line of JSON among the arguments of the process that stands for it. */
export type ContainerOrder = {
	readonly socket: string;
	readonly name: string;
	readonly image: string;
	readonly command: readonly string[];
	readonly env: Environment;
	readonly labels: Readonly<Record<string, string>>;
	readonly user?: string;
	readonly workdir?: string;
	readonly tty: boolean;
	/** Somebody may type: what stands for the container is behind one who holds its terminal or pipes. */
	readonly stdin: boolean;
	readonly stopSignal: string;
	readonly ports: readonly Endpoint[];
	readonly binds: readonly Bind[];
	readonly memoryBytes?: number;
	readonly cpus?: number;
	readonly pids?: number;
	readonly noNewPrivileges: boolean;
	/** Docker's rarer ones, but for the labels, which are among the others. */
	readonly options?: ContainerOptions;
	/** Absent: it reaches no services by muster's addresses. */
	readonly network?: {
		readonly networks: readonly string[];
		/** Where a container is told names; nobody listens there on the machine for it. */
		readonly nameServer: string;
		/** Which services there are, at which addresses. */
		readonly tableFile: string;
	};
};

export function containerName(instanceId: string): string {
	return `muster-${instanceId}`;
}

/** Of the container that holds its network. */
export function sandboxName(container: string): string {
	return `${container}-net`;
}

/** What everything carries that belongs to an instance: by these it is found and told from others. */
const naming = /^MUSTER_(INSTANCE|INSTANCE_NAME|HOME|SERVICE|SLOT|NODE)$/;
/** Where things lie on the machine means nothing in a container. */
const machineOnly = /^(PORT(_\d+)?|MUSTER_(CONFIGS|SECRETS|VOLUME_.*))$/;
/** Nor do addresses, where the container is on no network of muster's. */
const networkOnly = /^MUSTER_(DNS|SERVICE_.*)$/;

export function namesOf(environment: Environment): Environment {
	return Object.fromEntries(Object.entries(environment).filter(([name]) => naming.test(name)));
}

/** What the machine gives its own processes is not for a container; its ports have their own numbers in there. */
export function containerEnvironment(
	environment: Environment,
	{template, targets}: Assignment,
	{onNetworks}: {readonly onNetworks: boolean},
): Environment {
	const machine = new Set(['PATH', 'HOME', 'LANG', 'TZ'].filter(name => template.env[name] === undefined));
	const entries = Object.entries(environment).filter(
		([name]) => !machine.has(name) && !machineOnly.test(name) && (onNetworks || !networkOnly.test(name)),
	);
	const [first] = targets;
	return {
		...Object.fromEntries(entries),
		...(template.secrets?.length ? {MUSTER_SECRETS: '/run/secrets'} : {}),
		...(first === undefined ? {} : {PORT: String(first)}),
		...Object.fromEntries(targets.map(target => [`PORT_${target}`, String(target)])),
	};
}

/** Places that a container has without being told: docker's own. */
export function containerPlace(kind: 'configs' | 'secrets' | 'mounts', target: string): string {
	if (path.isAbsolute(target)) {
		return target;
	}

	return kind === 'secrets' ? path.join('/run/secrets', target) : path.join('/', target);
}

/** Why no container here can be on muster's networks; undefined: it can. */
export function networkLack(): string | undefined {
	if (process.getuid?.() !== 0) {
		return 'only root goes into that of a container';
	}

	return hasPauseProgram(process.arch) ? undefined : `not on ${process.arch}`;
}
