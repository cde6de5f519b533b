import {text} from '../../../actions/fields/fields.ts';
import type {ContextEntry} from '../../../core/context.ts';
import {ClusterError} from '../../../core/error.ts';
import {readContent} from '../../files/content.ts';
import type {Listing} from '../../output/listings.ts';
import {formatOf, listFields, renderList} from '../../output/print.ts';
import {confirm} from '../../running/confirm.ts';
import {refuseReadOnly} from '../../running/read-only.ts';
import {defineVerb} from '../../verb.ts';

function listingWith(current: string): Listing<ContextEntry> {
	return {
		columns: () => [
			{title: 'CURRENT', value: ({name}) => (name === current ? '*' : ' ')},
			{title: 'NAME', value: ({name}) => name},
			{title: 'ENGINE', value: ({engine}) => engine},
			{title: 'ENDPOINT', value: ({endpoint}) => endpoint},
		],
		shape: ({name, engine, endpoint}) => ({name, engine, endpoint, current: name === current}),
	};
}

export const contextLs = defineVerb({
	operands: [],
	fields: {noHeaders: listFields.noHeaders, format: listFields.format},
	async run({host, flags, shared}) {
		const current = await host.contexts.named(shared);
		const printing = {
			host,
			listing: listingWith(current),
			context: current,
			format: formatOf(flags, shared),
			headers: !flags.noHeaders,
			noColor: shared.noColor,
		};
		host.stdout.write(await renderList(printing, await host.contexts.list()));
		return 0;
	},
});

export const contextAdd = defineVerb({
	operands: [{name: 'NAME'}],
	fields: {
		host: text('Where that daemon listens', 'tcp://HOST:PORT'),
		identity: text('The file that `muster access create` printed there; - is standard input', 'FILE'),
	},
	details:
		'For the local engine of another machine, which listens by `muster daemon listen`. It is called local:NAME here.',
	examples: ['muster context add prod --host tcp://10.0.0.5:7443 --identity prod.pem'],
	async run(call) {
		const {host, flags, shared, operands} = call;
		const [name = ''] = operands;
		if (flags.host === undefined || flags.identity === undefined) {
			const missing = flags.host === undefined ? '--host tcp://HOST:PORT' : '--identity FILE';
			throw new ClusterError('usage', `${missing} is missing`);
		}

		refuseReadOnly(call);
		const {content} = await readContent(call, {file: [flags.identity]});
		const dryRun = shared.dryRun ?? false;
		const identity = typeof content === 'string' ? content : '';
		const added = await host.contexts.add({name, host: flags.host, identity, dryRun});
		host.stderr.write(dryRun ? `The context ${added} would be added.\n` : '');
		host.stdout.write(dryRun ? '' : `${added}\n`);
		return 0;
	},
});

export const contextRm = defineVerb({
	operands: [{name: 'NAME', many: true}],
	fields: {},
	details: 'Only contexts that were added; those of other tools are found by themselves.',
	async run(call) {
		const {host, shared, operands} = call;
		refuseReadOnly(call);
		const names: string[] = [];
		for (const name of operands) {
			names.push(await host.contexts.remove(name, {dryRun: true}));
		}

		if (shared.dryRun) {
			host.stderr.write(`${names.join(', ')} would be removed.\n`);
			return 0;
		}

		if (!shared.yes) {
			await confirm(host, [`Remove ${names.join(', ')}, with the certificates for them?`]);
		}

		for (const name of names) {
			host.stdout.write(`${await host.contexts.remove(name, {dryRun: false})}\n`);
		}

		return 0;
	},
});

export const contextUse = defineVerb({
	operands: [{name: 'NAME'}],
	fields: {},
	async run({host, operands: [name = '']}) {
		const chosen = await host.contexts.find(name);
		host.contexts.use(chosen);
		host.stdout.write(`${chosen}\n`);
		return 0;
	},
});
