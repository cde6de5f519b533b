import {stackFields} from '../../../actions/compose/apply/apply-stack.ts';
import {removeStack} from '../../../actions/stored/remove-stack.ts';
import {ClusterError} from '../../../core/error.ts';
import type {Service} from '../../../core/model/index.ts';
import {type Stack, stackOf, stacksIn} from '../../../core/stacks.ts';
import {nearMiss} from '../../../core/text/near-miss.ts';
import {stripControl} from '../../../core/text/text.ts';
import {readCompose} from '../../compose/read-compose.ts';
import {type Listing, serviceListing} from '../../output/listings.ts';
import {formatOf, listFields, type Printing, renderList} from '../../output/print.ts';
import {runErrands} from '../../running/run-action.ts';
import {readWorldWith} from '../../running/world.ts';
import {type Call, defineVerb} from '../../verb.ts';
import {removeCompose} from './stack-apply.ts';

const stackListing: Listing<Stack> = {
	columns: () => [
		{title: 'NAME', value: ({name}) => name},
		{title: 'SERVICES', align: 'right', value: ({services}) => String(services.length)},
		{title: 'INSTANCES', align: 'right', value: ({running, desired}) => `${running}/${desired}`},
		{title: 'HEALTHY', align: 'right', value: ({healthy}) => String(healthy)},
	],
	shape: ({name, services, desired, running, healthy}, context) => ({
		name,
		context,
		services: services.map(service => service.name),
		status: {desired, running, healthy},
	}),
};

async function print<T extends {readonly name: string}>(
	call: Pick<Call<typeof listFields>, 'host' | 'flags' | 'shared' | 'backend'>,
	listing: Listing<T>,
	items: readonly T[],
): Promise<number> {
	const printing: Printing<T> = {
		host: call.host,
		listing,
		context: (await call.backend()).name,
		format: formatOf(call.flags, call.shared),
		headers: !call.flags.noHeaders,
		noColor: call.shared.noColor,
	};
	call.host.stdout.write(await renderList(printing, items));
	return 0;
}

export const stackLs = defineVerb({
	operands: [],
	fields: listFields,
	async run(call) {
		const {items} = await (await call.backend()).list({kind: 'service'});
		return print(call, stackListing, stacksIn(items));
	},
});

export const stackServices = defineVerb({
	operands: [{name: 'STACK'}],
	fields: listFields,
	async run(call) {
		const {items} = await (await call.backend()).list({kind: 'service'});
		const [name = ''] = call.operands;
		return print(call, serviceListing, servicesOf(name, items));
	},
});

function servicesOf(name: string, services: readonly Service[]): readonly Service[] {
	const own = services.filter(({spec}) => stackOf(spec.labels) === name);
	if (own.length > 0) return own.toSorted((a, b) => (a.name < b.name ? -1 : 1));
	const near = nearMiss(
		name,
		stacksIn(services).map(stack => stack.name),
	);
	throw new ClusterError('not-found', `there is no stack ${JSON.stringify(stripControl(name))}`, {
		hint: near === undefined ? 'muster stack ls lists them' : `did you mean ${near}?`,
	});
}

export const removeStackVerb = defineVerb({
	writes: true,
	operands: [{name: 'STACK', optional: true}],
	fields: {file: stackFields.file},
	details:
		'Its services, networks, configs and secrets go; volumes stay. With -f it is the stack of these Compose files.',
	async run(call) {
		const {file} = call.flags;
		if (file !== undefined) {
			if (call.operands.length > 0) throw new ClusterError('usage', 'only one of STACK and --file can be given');
			return removeCompose(call as never, await readCompose(call.host, file));
		}

		if (call.operands.length === 0) throw new ClusterError('usage', 'STACK is missing: its name, or --file');
		const backend = await call.backend();
		const world = await readWorldWith(backend, call.host.now(), ['network', 'config', 'secret']);
		const [name = ''] = call.operands;
		await runErrands(call, world, [{action: removeStack, target: undefined, input: {name}}], {namesDone: false});
		if (!call.shared.dryRun) call.host.stdout.write(`${stripControl(name)}\n`);
		return 0;
	},
});
