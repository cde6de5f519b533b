import {choice, duration, toggle} from '../../../actions/fields/fields.ts';
import {type AccessEntry, type AccessFacet, type Granted, roleHelp, roles} from '../../../core/access.ts';
import {ClusterError} from '../../../core/error.ts';
import {stripControl} from '../../../core/text/text.ts';
import {formatAge} from '../../../core/text/units.ts';
import {addressText, readAddress} from '../../arguments/address.ts';
import {facet} from '../../arguments/reach.ts';
import {age, type Listing} from '../../output/listings.ts';
import {formatOf, listFields, renderList} from '../../output/print.ts';
import {toTime} from '../../output/shape.ts';
import {confirm} from '../../running/confirm.ts';
import {refuseReadOnly} from '../../running/read-only.ts';
import {type Call, defineVerb} from '../../verb.ts';

const yearMs = 365 * 86_400_000;

async function accessOf(call: Call): Promise<AccessFacet> {
	const backend = await call.backend();
	return facet(backend, backend.facets.access, 'give others access by TCP: its own tools do that');
}

const accessListing: Listing<AccessEntry> = {
	columns: now => [
		{title: 'NAME', value: ({name}) => name},
		{title: 'ROLE', value: ({role}) => role},
		{title: 'AGE', align: 'right', value: ({createdAt}) => age(now, createdAt)},
		{
			title: 'EXPIRES',
			value: ({expiresAt}) => (expiresAt > now ? `in ${formatAge(expiresAt - now)}` : 'expired'),
			tone: ({expiresAt}) => (expiresAt > now ? undefined : 'bad'),
		},
		{title: 'FINGERPRINT', wide: true, value: ({fingerprint}) => fingerprint},
	],
	shape: ({name, role, createdAt, expiresAt, fingerprint}, context) => ({
		name,
		context,
		role,
		createdAt: toTime(createdAt),
		expiresAt: toTime(expiresAt),
		fingerprint,
	}),
};

export const accessLs = defineVerb({
	operands: [],
	fields: {noHeaders: listFields.noHeaders, format: listFields.format},
	details: 'Who may come to the local engine by TCP, and as what; where it listens is told by `muster health`.',
	async run(call) {
		const {host, flags, shared} = call;
		const format = formatOf(flags, shared);
		const access = await accessOf(call as Call);
		const {entries} = await access.list();
		const {name: context} = await call.backend();
		const headers = !flags.noHeaders;
		const printing = {host, listing: accessListing, context, format, headers, noColor: shared.noColor};
		host.stdout.write(await renderList(printing, entries));
		return 0;
	},
});

const forField = duration('How long its certificate is good for (365d)');

export const accessCreate = defineVerb({
	operands: [{name: 'NAME'}],
	fields: {role: choice('What it may do', roles), for: forField},
	details: `Makes a certificate with its key and prints both, once: keep it secret, and bring it to the other machine.\n${roles.map(role => `  ${role}: ${roleHelp[role]}`).join('\n')}`,
	examples: [
		'muster access create alice --role operator > alice.pem',
		'muster context add prod --host tcp://10.0.0.5:7443 --identity alice.pem   # on the other machine',
	],
	async run(call) {
		const {flags, shared, operands} = call;
		const [name = ''] = operands;
		if (flags.role === undefined) {
			throw new ClusterError('usage', `--role is missing: one of ${roles.join(', ')}`);
		}

		refuseReadOnly(call);
		const {role, for: forMs = yearMs} = flags;
		const access = await accessOf(call as Call);
		if (shared.dryRun) {
			const {entries} = await access.list();
			if (entries.some(entry => entry.name === name)) {
				throw new ClusterError('conflict', `there is access for ${name} already`);
			}

			return say(call, `There would be access for ${name} as ${role}: ${roleHelp[role]}.`);
		}

		return printGranted(call, await access.grant({name, role, forMs}));
	},
});

export const accessRotate = defineVerb({
	operands: [{name: 'NAME'}],
	fields: {for: forField},
	details: 'Prints a new certificate for the same name; the one before is good for nothing from then on.',
	async run(call) {
		const {flags, shared, operands} = call;
		const [name = ''] = operands;
		refuseReadOnly(call);
		const access = await accessOf(call as Call);
		if (shared.dryRun) {
			await existing(access, [name]);
			return say(call, `A new certificate would be made for ${name}, and the one before would be good for nothing.`);
		}

		return printGranted(call, await access.rotate({name, forMs: flags.for ?? yearMs}));
	},
});

export const accessRm = defineVerb({
	operands: [{name: 'NAME', many: true}],
	fields: {},
	details: 'At once: connections that are open end, too.',
	async run(call) {
		const {host, shared, operands} = call;
		refuseReadOnly(call);
		const access = await accessOf(call as Call);
		await existing(access, operands);
		const who = operands.join(', ');
		if (shared.dryRun) {
			return say(call, `There would be no access any more for ${who}.`);
		}

		if (!shared.yes) {
			await confirm(host, [`Take the access from ${who}?`]);
		}

		for (const name of operands) {
			await access.revoke(name);
			host.stdout.write(`${stripControl(name)}\n`);
		}

		return 0;
	},
});

async function existing(access: AccessFacet, names: readonly string[]): Promise<void> {
	const {entries} = await access.list();
	const missing = names.find(name => !entries.some(entry => entry.name === name));
	if (missing !== undefined) {
		throw new ClusterError('not-found', `nobody named ${JSON.stringify(stripControl(missing))} has access`, {
			hint: 'muster access ls',
		});
	}
}

function printGranted(call: Pick<Call, 'host'>, {entry, identity}: Granted): number {
	call.host.stdout.write(identity);
	return say(call, `There is access for ${entry.name} as ${entry.role} until ${toTime(entry.expiresAt)}.`);
}

function say({host}: Pick<Call, 'host'>, sentence: string): number {
	host.stderr.write(`${stripControl(sentence)}\n`);
	return 0;
}

export const daemonListen = defineVerb({
	operands: [{name: 'tcp://HOST:PORT', optional: true}],
	fields: {off: toggle('Listen no more')},
	details:
		'Where the API of the local engine listens for other machines: with TLS 1.3, and only for those whom `muster access create`\ngave a certificate. Without an address: tells where. It stays so after a restart.',
	examples: ['muster daemon listen tcp://0.0.0.0:7443', 'muster daemon listen --off'],
	async run(call) {
		const {host, flags, shared, operands} = call;
		const [address] = operands;
		if (flags.off && address !== undefined) {
			throw new ClusterError('usage', '--off and an address do not go together');
		}

		const where = address === undefined ? undefined : readAddress(address, 'tcp');
		const access = await accessOf(call as Call);
		if (where === undefined && !flags.off) {
			const {listening} = await access.list();
			host.stdout.write(`${listening ? addressText(listening, 'tcp') : 'nowhere'}\n`);
			return 0;
		}

		refuseReadOnly(call);
		if (shared.dryRun) {
			return say(
				call,
				where ? `The API would listen on ${address}.` : 'The API would listen nowhere but on its socket.',
			);
		}

		const listening = await access.listen(where);
		host.stdout.write(`${listening ? addressText(listening, 'tcp') : 'nowhere'}\n`);
		return 0;
	},
});
