import {text, toggle} from '../../../actions/fields/fields.ts';
import {ClusterError} from '../../../core/error.ts';
import {facet, reachRunning} from '../../arguments/reach.ts';
import {joinSession} from '../../running/session.ts';
import {defineVerb} from '../../verb.ts';
import {refuseChange} from './exec.ts';

const fields = {
	image: text('The image with the tools', 'IMAGE'),
	target: text('The container whose processes it sees', 'NAME'),
	noStdin: toggle('Pass no standard input on'),
};

export const debug = defineVerb({
	operands: [
		{name: 'INSTANCE|SERVICE', completes: 'instance'},
		{name: 'COMMAND', optional: true},
		{name: 'ARG', many: true, optional: true},
	],
	flagsEndAfter: 2,
	fields,
	details:
		'Adds a container of another image to a running instance and joins it: for one without a shell or tools. It has a terminal\n' +
		'where standard input and output are one. When it has ended it stays in the instance, ended, until that goes.',
	examples: ['muster debug --image busybox web', 'muster debug --image busybox web.1 -- ps'],
	async run(call) {
		const {host, flags, operands, shared} = call;
		const [word = '', ...command] = operands;
		const {image, target, noStdin = false} = flags;
		if (image === undefined) {
			throw new ClusterError('usage', '--image IMAGE is needed: one with the tools, such as busybox');
		}

		const backend = await call.backend();
		await refuseChange(call, backend.name);
		const open = facet(backend, backend.facets.debug, 'add debug containers to instances');
		const {id, name, scope} = await reachRunning(backend, word);
		if (shared.dryRun) {
			const what = command.length === 0 ? '' : ` with ${command.join(' ')}`;
			host.stdout.write(`would add a container of ${image} to ${name}${what}\n`);
			return 0;
		}

		const stdin = !noStdin;
		const tty = stdin && host.stdin.isTTY && host.stdout.isTTY;
		const ref = {kind: 'instance', id, name, ...(scope === undefined ? {} : {scope})} as const;
		host.stderr.write(`Adding a container of ${image} to ${name} …\n`);
		const session = await open.call(backend.facets, ref, {
			...{image, command, tty, stdin},
			...(target === undefined ? {} : {target}),
			...(tty ? {size: {columns: host.stdout.columns, rows: host.stdout.rows}} : {}),
		});
		const {isLeft, code} = await joinSession(host, session, {tty, stdin, detachable: true});
		if (isLeft) {
			host.stderr.write(`${tty ? '\r\n' : ''}Left it, which goes on.\n`);
			return 0;
		}

		if (code === undefined) {
			throw new ClusterError(
				'unreachable',
				`the connection to ${name} broke; whether its debug container goes on is not known`,
			);
		}

		return code;
	},
});
