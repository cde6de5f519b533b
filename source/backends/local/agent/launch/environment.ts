import type {Endpoint} from '../../../../core/model/index.ts';
import {type EnvReference, expandEnv} from '../../../../core/spec/env-template.ts';
import type {Assignment} from '../../../../orchestrator/fleet.ts';
import {variableName} from './attachments.ts';

export type Environment = Readonly<Record<string, string>>;

export type EnvironmentSource = {
	readonly assignment: Assignment;
	readonly endpoints: readonly Endpoint[];
	readonly nodeName: string;
	readonly root: string;
	/** The agent's own environment. */
	readonly inherited: Readonly<Record<string, string | undefined>>;
	/** Where it finds what it is given: configs, secrets, volumes. */
	readonly given?: Environment;
	/** The text of a config or secret that a variable names. Throws a sentence. */
	readonly contentOf?: (reference: EnvReference) => string;
};

/** All that an instance inherits from whoever started muster. */
const inheritedNames = ['PATH', 'HOME', 'LANG', 'TZ'];

/** What an instance starts with. What names it comes first, for whoever looks for its processes, and cannot be overridden. */
export function instanceEnvironment({
	assignment,
	endpoints,
	nodeName,
	root,
	inherited,
	given = {},
	contentOf = ({kind, name}) => {
		throw new Error(`there is no ${kind} ${name}`);
	},
}: EnvironmentSource): Environment {
	const own: Environment = {
		MUSTER_INSTANCE: assignment.instanceId,
		MUSTER_HOME: root,
		MUSTER_INSTANCE_NAME: assignment.instanceName,
		MUSTER_SERVICE: assignment.serviceName,
		MUSTER_SLOT: String(assignment.slot),
		MUSTER_NODE: nodeName,
		MUSTER_VERSION: String(assignment.version),
	};
	const passed = inheritedNames.flatMap(name => (inherited[name] === undefined ? [] : [[name, inherited[name]]]));
	const facts = {
		service: assignment.serviceName,
		slot: assignment.slot,
		instance: assignment.instanceName,
		instanceId: assignment.instanceId,
		node: nodeName,
		content: contentOf,
	};
	const written = Object.entries(assignment.template.env).map(([name, value]) => [name, expandEnv(value, facts)]);
	const asked = {...Object.fromEntries(passed), ...assignment.image?.env, ...Object.fromEntries(written), ...given};
	return {...own, ...peerVariables(assignment), ...asked, ...portVariables(endpoints), ...own};
}

/** Of services whose names make one variable name the first. */
function peerVariables({peers = [], nameServer}: Assignment): Environment {
	const variables = peers.toReversed().flatMap(({name, host, port}) => {
		const prefix = `MUSTER_SERVICE_${variableName(name)}`;
		return [[`${prefix}_HOST`, host] as const, [`${prefix}_PORT`, String(port)] as const];
	});
	return {...Object.fromEntries(variables), ...(nameServer === undefined ? {} : {MUSTER_DNS: nameServer})};
}

function portVariables(endpoints: readonly Endpoint[]): Environment {
	const [first] = endpoints;
	const socket = endpoints.find(endpoint => endpoint.socket !== undefined)?.socket;
	return {
		...(first ? {PORT: String(first.port)} : {}),
		...(socket === undefined ? {} : {MUSTER_SOCKET: socket}),
		...Object.fromEntries(endpoints.map(({target, port}) => [`PORT_${target}`, String(port)])),
	};
}

/** What `portVariables` put there, for an agent that has lost its notes. */
export function endpointsOf(environment: Environment, targets: readonly number[], host: string): Endpoint[] {
	return targets.flatMap(target => {
		const port = Number(environment[`PORT_${target}`]);
		return Number.isInteger(port) && port > 0 ? [{target, host, port}] : [];
	});
}
