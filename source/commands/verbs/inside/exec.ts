import {many, text, toggle} from '../../../actions/fields/fields.ts';
import {type EnvEntry, envPair} from '../../../actions/service/placement-fields.ts';
import {ClusterError} from '../../../core/error.ts';
import {facet, reachRunning} from '../../arguments/reach.ts';
import {joinSession} from '../../running/session.ts';
import {type Call, defineVerb} from '../../verb.ts';

const execFields = {
	interactive: toggle('Pass standard input on', {short: 'i'}),
	tty: toggle('Give it a terminal', {short: 't'}),
	env: many(envPair('Set an environment variable')),
	workdir: text('Working directory', 'DIR', {short: 'w'}),
	container: text('Of an instance with several containers this one', 'NAME'),
};

export const exec = defineVerb({
	operands: [
		{name: 'INSTANCE|SERVICE', completes: 'instance'},
		{name: 'COMMAND'},
		{name: 'ARG', many: true, optional: true},
	],
	// kubectl's users write `web -i -- sh`.
	flagsEndAfter: 2,
	fields: execFields,
	details: 'Ends with the exit status of the command. Of a service, the first running instance is taken.',
	examples: ['muster exec -it web.3 sh', 'muster exec web env'],
	async run(call) {
		const {host, flags, operands} = call;
		const [word = '', ...command] = operands;
		const tty = flags.tty ?? false;
		if (tty && flags.interactive && !host.stdin.isTTY) {
			throw new ClusterError('usage', '-t wants a terminal, and standard input is none: leave -t out');
		}

		const backend = await call.backend();
		await refuseChange(call, backend.name);
		const open = facet(backend, backend.facets.exec, 'run commands in instances');
		const {id, name} = await reachRunning(backend, word);
		const stdin = flags.interactive ?? false;
		const session = await open.call(
			backend.facets,
			{kind: 'instance', id, name},
			{
				command,
				tty,
				stdin,
				...(flags.env === undefined ? {} : {env: envOf(flags.env, call)}),
				...(flags.workdir === undefined ? {} : {workdir: flags.workdir}),
				...(flags.container === undefined ? {} : {container: flags.container}),
				...(tty && host.stdout.isTTY ? {size: {columns: host.stdout.columns, rows: host.stdout.rows}} : {}),
			},
		);
		const {isLeft, code} = await joinSession(host, session, {tty, stdin, detachable: false});
		if (code === undefined && !isLeft) {
			throw new ClusterError('unreachable', `the connection to ${name} broke; nobody knows how ${command[0]} ended`);
		}

		return code ?? 130;
	},
});

export const attach = defineVerb({
	operands: [{name: 'INSTANCE|SERVICE', completes: 'instance'}],
	fields: {},
	details: 'For a service that was created with -i or -t. ctrl-p ctrl-q leaves it running.',
	async run(call) {
		const {host, operands} = call;
		const backend = await call.backend();
		await refuseChange(call, backend.name);
		const open = facet(backend, backend.facets.attach, 'attach to instances');
		const instance = await reachRunning(backend, operands[0] ?? '');
		const {items} = await backend.list({kind: 'service', id: instance.serviceId});
		const {tty = false, openStdin = false} = items[0]?.spec.template ?? {};
		const size = host.stdout.isTTY ? {columns: host.stdout.columns, rows: host.stdout.rows} : undefined;
		const {id, name} = instance;
		const session = await open.call(backend.facets, {kind: 'instance', id, name}, size);
		const {isLeft, code} = await joinSession(host, session, {tty, stdin: tty || openStdin, detachable: true});
		if (isLeft) {
			host.stderr.write(`${tty ? '\r\n' : ''}Left ${name}, which goes on.\n`);
			return 0;
		}

		if (code === undefined) {
			throw new ClusterError('unreachable', `the connection to ${name} broke; whether it goes on is not known`);
		}

		return code;
	},
});

export async function refuseChange({shared, host}: Pick<Call, 'shared' | 'host'>, context: string): Promise<void> {
	if (shared.readOnly || (await host.config?.policy(context))?.readOnly) {
		const why = shared.readOnly ? 'with --read-only' : `in ${context}, which is read-only by ${host.config?.file}`;
		throw new ClusterError('not-allowed', `not possible ${why}: what runs in there may change anything`);
	}
}

function envOf(entries: readonly EnvEntry[], {host}: Pick<Call, 'host'>): Record<string, string> {
	return Object.fromEntries(
		entries.flatMap(({key, value, inherited}) => {
			const found = inherited ? host.env[key] : value;
			return found === undefined ? [] : [[key, found]];
		}),
	);
}
