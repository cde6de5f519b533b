import {integer} from '../../../actions/fields/fields.ts';
import {ClusterError} from '../../../core/error.ts';
import type {ServiceVersion} from '../../../core/model/index.ts';
import {changeText, versionChanges} from '../../../core/spec/version-changes.ts';
import {stripControl} from '../../../core/text/text.ts';
import {facet, reach} from '../../arguments/reach.ts';
import {formatOf, listFields, renderList} from '../../output/print.ts';
import {listedVersions, versionListing} from '../../output/version-listing.ts';
import {defineVerb} from '../../verb.ts';

export const serviceHistoryVerb = defineVerb({
	operands: [{name: 'SERVICE', completes: 'service'}],
	fields: {
		diff: integer('Only what is different in this version from the one in force', {min: 1, placeholder: 'VERSION'}),
		noHeaders: listFields.noHeaders,
		format: listFields.format,
	},
	details:
		'A version is kept for each template that instances were made from, the newest ten and those in use.\n`muster service rollback --to VERSION` brings one back.',
	examples: ['muster service history web', 'muster service history --diff 3 web'],
	async run({host, flags, shared, operands, backend: open}) {
		const format = formatOf(flags, shared);
		const backend = await open();
		const read = facet(backend, backend.facets.history, 'keep versions of services').bind(backend.facets);
		const [word = ''] = operands;
		const {service} = await reach(backend, word, {exact: false});
		if (service === undefined) {
			throw new ClusterError('not-found', `there is no service ${JSON.stringify(stripControl(word))}`);
		}

		const versions = await read({kind: 'service', id: service.id, name: service.name});
		if (flags.diff !== undefined) {
			host.stdout.write(diffText(versions, flags.diff));
			return 0;
		}

		const printing = {
			host,
			listing: versionListing,
			context: backend.name,
			format,
			headers: !flags.noHeaders,
			noColor: shared.noColor,
		};
		host.stdout.write(await renderList(printing, listedVersions(service.name, versions)));
		return 0;
	},
});

/** A line for each difference; nothing where there is none. */
function diffText(versions: readonly ServiceVersion[], number: number): string {
	const current = versions.find(({isCurrent}) => isCurrent);
	const found = versions.find(({version}) => version === number);
	if (found === undefined || current === undefined) {
		const kept = versions.map(({version}) => version).join(', ');
		throw new ClusterError('not-found', `--diff: version ${number} is not kept; kept are ${kept}`);
	}

	return versionChanges(current.spec, found.spec)
		.map(change => `${stripControl(changeText(change))}\n`)
		.join('');
}
