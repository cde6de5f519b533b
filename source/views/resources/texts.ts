import {toClusterError} from '../../core/error.ts';
import type {Instant, Meta} from '../../core/model/index.ts';
import type {ResourceFacet, ResourceRef} from '../../core/resource/facet.ts';
import {errorText} from '../errands/running.ts';
import {askedText} from '../live/waiting.ts';
import type {Ui} from '../ui.ts';
import type {Span} from '../widgets/line.ts';

type Line = readonly Span[];
/** `lines`: undefined as long as nobody has answered, since it was asked for. */
type Text = {readonly revision: string; readonly lines: readonly Line[] | undefined; readonly since: Instant};
type Read = (resources: ResourceFacet, ref: ResourceRef) => Promise<readonly string[]>;

/** What was looked at before is asked again. */
const mostKept = 20;

/** What an engine itself tells of an object: asked when it is first shown, and again when the object has changed. */
export class ResourceTexts {
	readonly #read: Read;
	readonly #kept = new WeakMap<Ui, Map<string, Text>>();

	constructor(read: Read) {
		this.#read = read;
	}

	/** `ref` is what finds the target. */
	linesOf(ui: Ui, target: Pick<Meta, 'id' | 'revision'>, ref: ResourceRef): readonly Line[] {
		const {resources} = ui.executor.backend.facets;
		const own = this.#kept.get(ui) ?? new Map<string, Text>();
		this.#kept.set(ui, own);
		const found = own.get(target.id);
		if (found?.revision !== target.revision && resources !== undefined) {
			if (own.size >= mostKept) own.clear();
			const since = ui.executor.now();
			const keep = (lines: readonly Line[]) => {
				own.set(target.id, {revision: target.revision, lines, since});
				ui.refresh();
			};
			own.set(target.id, {revision: target.revision, lines: found?.lines, since: found?.since ?? since});
			void this.#read(resources, ref).then(
				lines => keep(lines.map(line => [' ', line])),
				(thrown: unknown) => keep([[{role: 'bad', text: ` ${errorText(toClusterError(thrown))}`}]]),
			);
		}

		const shown = own.get(target.id);
		if (shown === undefined) return [];
		return shown.lines ?? [[{role: 'dim', text: ` ${askedText(ui, 'it', shown.since)}`}]];
	}
}
