import {integer} from '../../../actions/fields/fields.ts';
import {ClusterError} from '../../../core/error.ts';
import {defineVerb} from '../../verb.ts';

export const demo = defineVerb({
	operands: [],
	fields: {
		instances: integer('How many instances run at first', {min: 1, max: 200_000, fallback: 200}),
		nodes: integer('On how many nodes', {min: 1, max: 5000, fallback: 12}),
		changes: integer('How often per second an instance tells something new', {min: 0, max: 10_000, fallback: 20}),
		seed: integer('Another number makes another cluster', {min: 0, max: 2 ** 31 - 1, fallback: 1}),
	},
	details:
		'Shows the dashboard on a lively cluster that is only simulated: services crash, wait and are updated, nodes go down. Everything can be tried; nothing outside is touched, and nothing is kept.',
	examples: ['muster demo', 'muster demo --instances 50000 --nodes 100 --changes 1000'],
	async run({host, flags, shared}) {
		if (!host.stdout.isTTY || !host.stdin.isTTY) {
			throw new ClusterError('unsupported', 'there is no terminal to show the dashboard on');
		}

		const {instances = 0, nodes = 0, changes = 0, seed = 0} = flags;
		const {readOnly = false, noColor = false, noMouse = false} = shared;
		return host.demo({instances, nodes, changesPerSecond: changes, seed, readOnly, colour: !noColor, mouse: !noMouse});
	},
});
