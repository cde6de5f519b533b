import {ClusterError, errorCodes} from '../../../core/error.ts';
import {stripControl} from '../../../core/text/text.ts';
import type {ConfigControl} from '../../host.ts';
import {type Call, defineVerb} from '../../verb.ts';

function configOf({host}: Pick<Call, 'host'>): ConfigControl {
	if (host.config === undefined) {
		throw new ClusterError('unsupported', 'there is no configuration here');
	}

	return host.config;
}

export const settingsPath = defineVerb({
	operands: [],
	fields: {},
	async run(call) {
		call.host.stdout.write(`${configOf(call).file}\n`);
		return 0;
	},
});

export const settingsCheck = defineVerb({
	operands: [],
	fields: {},
	details: 'Says nothing where all is well. Each mistake is a line: FILE:LINE: what is wrong, and what is allowed.',
	async run(call) {
		const mistakes = await configOf(call).check();
		for (const mistake of mistakes) {
			call.host.stdout.write(`${stripControl(mistake)}\n`);
		}

		return mistakes.length === 0 ? 0 : errorCodes.usage.exit;
	},
});

export const settingsSchema = defineVerb({
	operands: [],
	fields: {},
	details:
		'For editors: a first line `# yaml-language-server: $schema=FILE` in the file makes them complete and check it.',
	async run(call) {
		call.host.stdout.write(`${JSON.stringify(await configOf(call).schema(), undefined, '\t')}\n`);
		return 0;
	},
});

export const settingsKeys = defineVerb({
	operands: [],
	fields: {},
	async run(call) {
		const rows = await configOf(call).keys();
		const names = Math.max(...rows.map(({name}) => name.length));
		const keys = Math.max(...rows.map(row => row.keys.join(' ').length));
		for (const row of rows) {
			call.host.stdout.write(`${row.name.padEnd(names)}  ${row.keys.join(' ').padEnd(keys)}  ${row.help}\n`);
		}

		return 0;
	},
});
