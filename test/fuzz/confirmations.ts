import type {Backend} from '../../source/core/backend.ts';
import type {Ui} from '../../source/views/ui.ts';

/** What of a patch takes instances away. */
type Destructive = {readonly replicas?: number; readonly availability?: string};

/** Watches that what destroys was asked about by name, and told to go on. It looks at what was shown, not at who asked. */
export class Confirmations {
	/** All names that the last confirmed panels have told, and have not been used up. */
	readonly #confirmed: string[] = [];
	readonly problems: string[] = [];
	count = 0;

	/** Before a key is pressed. */
	pressing(ui: Ui, key: string): void {
		const {overlay} = ui.state;
		if (overlay?.type === 'panel' && (key === 'enter' || key === 'y')) {
			const rows = overlay.preview(ui.world)?.rows ?? [];
			this.#confirmed.push([overlay.title, overlay.question, ...rows.map(({name}) => name)].join('\n'));
		}

		// `S 0 enter` and a pending change down to nothing open a panel; nothing else does without a key.
		if (this.#confirmed.length > 50) {
			this.#confirmed.shift();
		}
	}

	/** A backend that tells of what destroys. */
	guard(backend: Backend): Backend {
		const {apply, remove, facets} = backend;
		const {kill, failNode} = facets;
		return {
			...backend,
			apply: (ref, patch, options) => {
				const {replicas, availability} = patch as unknown as Destructive;
				if (replicas === 0 || availability === 'drained') {
					this.#destroys(ref.name, `${ref.kind} ${JSON.stringify(patch)}`);
				}

				return apply.call(backend, ref, patch as never, options) as never;
			},
			remove: (ref, options) => {
				this.#destroys(ref.name, `remove ${ref.kind}`);
				return remove.call(backend, ref, options);
			},
			facets: {
				...facets,
				...(kill && {
					kill: (ref, signal) => {
						this.#destroys(ref.name, `kill ${signal}`);
						return kill(ref, signal);
					},
				}),
				...(failNode && {
					failNode: (node, forMs) => {
						this.#destroys(node.name, 'fail');
						return failNode(node, forMs);
					},
				}),
			},
		};
	}

	#destroys(name: string, what: string): void {
		this.count++;
		if (!this.#confirmed.some(text => text.includes(name))) {
			this.problems.push(`without a confirmation: ${what} of ${JSON.stringify(name)}`);
		}
	}
}
