import {toClusterError} from '../../core/error.ts';
import type {Resource} from '../../core/model/index.ts';
import type {ResourceType} from '../../core/resource/facet.ts';
import {errorText} from '../errands/running.ts';
import {aboutOf, goInto, goTo} from '../navigation/navigation.ts';
import type {About} from '../state.ts';
import type {Ui} from '../ui.ts';
import {KindList} from './kind-list.ts';
import {ResourceList} from './resource-list.ts';

/** More often than this nobody looks for what is new. */
const renewMs = 5000;

const sessions = new WeakMap<Ui, ResourceSession>();

/** What one dashboard looks at of the kinds beyond the model. */
export function resourceSession(ui: Ui): ResourceSession {
	let session = sessions.get(ui);
	if (session === undefined) {
		session = new ResourceSession(ui);
		sessions.set(ui, session);
	}

	return session;
}

/** The lists that are looked at: each is followed while a view of it is shown, or can be gone back to by `esc`. */
export class ResourceSession {
	readonly #ui: Ui;
	readonly #lists = new Map<string, ResourceList>();
	readonly kinds = new KindList(this);
	#places: unknown;
	#types: readonly ResourceType[] = [];
	#namespaces: readonly string[] | undefined;
	#isNamespacesAsked = false;
	#asking: Promise<void> | undefined;
	#isAnswered = false;
	#renewedAt: number;

	constructor(ui: Ui) {
		this.#ui = ui;
		this.#renewedAt = ui.clock.now();
		ui.subscribe(() => this.#followWhatIsShown());
		ui.onClose(() => this.#keepOnly(new Set()));
	}

	/** Of all kinds, as far as they have been heard of: the first call asks for them. */
	get types(): readonly ResourceType[] {
		const {resources} = this.#ui.executor.backend.facets;
		if (resources !== undefined) {
			this.#asking ??= resources.types().then(
				types => {
					this.#types = types;
					this.#isAnswered = true;
					this.#ui.refresh();
				},
				() => {
					this.#asking = undefined;
				},
			);
		}

		return this.#types;
	}

	/** Asks again for all kinds and namespaces, unless that was just now: some may be new since then. */
	renew(): void {
		const now = this.#ui.clock.now();
		if (!this.#isAnswered || now - this.#renewedAt < renewMs) return;
		this.#renewedAt = now;
		this.#isAnswered = false;
		this.#asking = undefined;
		this.#isNamespacesAsked = false;
		void this.types;
		void this.namespaces;
	}

	/** While all kinds are asked for and not known yet; resolves when they are, or cannot be. */
	get typesToCome(): Promise<void> | undefined {
		return this.#isAnswered ? undefined : this.#asking;
	}

	/** As far as they have been heard of. */
	get namespaces(): readonly string[] | undefined {
		if (!this.#isNamespacesAsked) {
			this.#isNamespacesAsked = true;
			this.#ui.executor.backend.facets.namespaces?.list().then(
				names => {
					this.#namespaces = names;
					this.#ui.refresh();
				},
				() => {},
			);
		}

		return this.#namespaces;
	}

	/** By any word for its kind. */
	list(word: string): ResourceList {
		let list = this.#lists.get(word);
		if (list === undefined) {
			list = new ResourceList(this.#ui, word);
			this.#lists.set(word, list);
		}

		return list;
	}

	find(id: string): Resource | undefined {
		for (const {byId} of this.#lists.values()) {
			const found = byId.get(id);
			if (found !== undefined) return found;
		}

		return undefined;
	}

	/** Shows a kind, and with a name that object. */
	show(word: string, name: string): void {
		const ui = this.#ui;
		const about: About = {kind: 'resource', id: word, name: word};
		if (name === '') {
			goTo(ui, 'resources', {about});
			return;
		}

		ui.say('busy', `${word} ${name} …`);
		void ui.executor.backend.facets.resources?.table(word, {name}).then(
			({rows: [row], type}) => {
				if (row === undefined) {
					ui.say('warning', `There is no ${type.kind} ${name} here.`);
					return;
				}

				ui.update({message: undefined});
				goTo(ui, 'resources', {about, selectedId: row.id});
				goInto(ui, 'describe', aboutOf(row));
			},
			(thrown: unknown) => ui.say('bad', errorText(toClusterError(thrown))),
		);
	}

	#followWhatIsShown(): void {
		const {places} = this.#ui.state;
		if (places === this.#places) return;
		this.#places = places;
		this.#keepOnly(
			new Set(places.flatMap(({screen, about}) => (screen === 'resources' && about !== undefined ? [about.id] : []))),
		);
	}

	#keepOnly(words: ReadonlySet<string>): void {
		for (const word of words) this.list(word).follow();
		for (const [word, list] of this.#lists) {
			if (words.has(word)) continue;
			list.leave();
			this.#lists.delete(word);
		}
	}
}
