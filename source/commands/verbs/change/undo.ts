import type {Step} from '../../../actions/action.ts';
import {integer, toggle} from '../../../actions/fields/fields.ts';
import type {JournalEntry} from '../../../actions/journal/journal.ts';
import {lastUndoable, undoAction, whyNotUndone} from '../../../actions/journal/undo.ts';
import {ClusterError} from '../../../core/error.ts';
import type {Kind} from '../../../core/model/index.ts';
import {stripControl} from '../../../core/text/text.ts';
import {journalListing, listedEntries} from '../../output/journal-listing.ts';
import {formatOf, listFields, renderList} from '../../output/print.ts';
import {runErrands, waitFields} from '../../running/run-action.ts';
import {readWorldWith} from '../../running/world.ts';
import {defineVerb} from '../../verb.ts';

export const undo = defineVerb({
	writes: true,
	operands: [{name: 'ID', optional: true}],
	fields: waitFields,
	details:
		'Takes the last change back that was made in this context with muster, or the one with this ID of `muster audit`.\nRefused where what it changed has moved on since.',
	examples: ['muster undo --dry-run', 'muster undo'],
	async run(call) {
		const {host, operands} = call;
		const backend = await call.backend();
		const entries = await host.journal.read();
		const entry = chosen(entries, operands[0], backend.name);
		const kinds = entry.steps.flatMap(({inverse}: {inverse?: Step}): readonly Kind[] =>
			inverse ? [inverse.ref.kind] : [],
		);
		const world = await readWorldWith(backend, host.now(), [...new Set(kinds)]);
		host.stderr.write(`${stripControl(`Undo: ${entry.command}`)}\n`);
		return runErrands(call, world, [{action: undoAction(entry), target: undefined, input: {}, undoes: entry.id}]);
	},
});

function chosen(entries: readonly JournalEntry[], id: string | undefined, context: string): JournalEntry {
	if (id === undefined) {
		const last = lastUndoable(entries, context);
		if (last === undefined) {
			throw new ClusterError('conflict', `there is no change of ${context} that could be undone`, {
				hint: '`muster audit` shows what was changed.',
			});
		}

		return last;
	}

	const found = entries.find(entry => entry.id === id);
	if (found === undefined) {
		throw new ClusterError('not-found', `no change with the ID ${JSON.stringify(stripControl(id))} is recorded`);
	}

	const why = found.context === context ? whyNotUndone(found, entries) : `it was made in the context ${found.context}`;
	if (why !== undefined) {
		throw new ClusterError('conflict', `${found.command} cannot be undone: ${why}`);
	}

	return found;
}

export const audit = defineVerb({
	operands: [],
	fields: {
		limit: integer('At most so many, the newest', {min: 1, max: 100_000, short: 'l'}),
		all: toggle('Of all contexts', {short: 'a'}),
		noHeaders: listFields.noHeaders,
		format: listFields.format,
	},
	details: 'What was changed with muster from this machine, by whom, and what came of it; secrets are never recorded.',
	async run({host, flags, shared}) {
		const format = formatOf(flags, shared);
		const context = await host.contexts.choose({context: shared.context, backend: shared.backend});
		const entries = listedEntries(await host.journal.read()).filter(entry => flags.all || entry.context === context);
		const printing = {
			host,
			listing: journalListing,
			context,
			format,
			headers: !flags.noHeaders,
			noColor: shared.noColor,
		};
		host.stdout.write(await renderList(printing, entries.slice(-(flags.limit ?? 50))));
		return 0;
	},
});
