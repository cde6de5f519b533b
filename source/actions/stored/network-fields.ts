import type {Patch} from '../../core/backend.ts';
import {ClusterError} from '../../core/error.ts';
import type {NetworkSpec} from '../../core/model/index.ts';
import type {Field, Input} from '../action.ts';
import {many, pair, record, text, toggle} from '../fields/fields.ts';

/** What only some engines know of a network: docker's names. */
export const networkFields = {
	driver: text('Swarm: the driver; default: overlay', 'DRIVER'),
	attachable: toggle('Swarm: containers that belong to no service may join'),
	opt: many(pair('Swarm: an option of the driver: encrypted')),
	subnet: many(matching('Swarm: a subnet: 10.9.0.0/24', 'CIDR', /^[\da-f.:]+\/\d{1,3}$/i)),
	gateway: many(matching('Swarm: the gateway of the subnet; of several, in their order', 'ADDRESS', /^[\da-f.:]+$/i)),
	ipRange: many(
		matching('Swarm: the part of the subnet to give out; of several, in their order', 'CIDR', /^[\da-f.:]+\/\d{1,3}$/i),
	),
};

/** Only the shape is looked at: which subnets there can be the engine knows. */
function matching(help: string, placeholder: 'CIDR' | 'ADDRESS', shape: RegExp): Field<string> {
	return {
		help,
		placeholder,
		parse(given) {
			if (shape.test(given)) {
				return given;
			}

			const example = placeholder === 'CIDR' ? 'a subnet such as 10.9.0.0/24' : 'an address such as 10.9.0.1';
			throw new ClusterError('usage', `${JSON.stringify(given)} is not ${example}`);
		},
	};
}

export function networkPatch(input: Input<typeof networkFields>): Patch<NetworkSpec> {
	const {driver, attachable, opt, subnet = [], gateway = [], ipRange = []} = input;
	for (const [flag, values] of [
		['--gateway', gateway],
		['--ip-range', ipRange],
	] as const) {
		if (values.length > subnet.length) {
			throw new ClusterError('usage', `${flag} ${values[subnet.length]} has no --subnet that it belongs to`);
		}
	}

	const subnets = subnet.map((one, index) => ({
		subnet: one,
		...(gateway[index] !== undefined && {gateway: gateway[index]}),
		...(ipRange[index] !== undefined && {range: ipRange[index]}),
	}));
	return {
		...(driver !== undefined && {driver}),
		...(attachable !== undefined && {attachable}),
		...(opt && {options: record(opt)}),
		...(subnets.length > 0 && {subnets}),
	};
}
