import type {Action, World as Snapshot} from '../actions/action.ts';
import type {Executor} from '../actions/execute.ts';
import type {Clock} from '../core/clock.ts';
import type {Held} from '../core/held.ts';
import type {Kind, ServiceVersion} from '../core/model/index.ts';
import {Ages} from './age.ts';
import {screensWith} from './config/apply.ts';
import type {Target} from './keymap.ts';
import {emptyList, type ListState, settle} from './list/list.ts';
import {type Listing, LiveListing} from './list/listing.ts';
import type {Collections} from './live/collections.ts';
import {Memory} from './memory.ts';
import {noPorts, type Ports} from './ports.ts';
import {resourceSession} from './resources/session.ts';
import type {Screen, TextLines} from './screen.ts';
import {defaultSettings, type Settings} from './settings.ts';
import {type About, firstPlaces, frameParts, newPlace, type Place, type Size, type State} from './state.ts';
import {Terminal} from './terminal/terminal.ts';
import type {Role, Theme} from './theme.ts';
import type {RowContext} from './widgets/columns.ts';
import type {Wish} from './wish.ts';
import type {World} from './world.ts';

export type UiOptions = {
	readonly executor: Executor;
	readonly collections: Collections;
	readonly clock: Clock;
	readonly theme: Theme;
	readonly screens: readonly Screen[];
	/** Shown at the start; absent: the first. */
	readonly screen?: string | undefined;
	/** What the first screen is about. */
	readonly about?: About | undefined;
	/** By what it is narrowed. */
	readonly filter?: string | undefined;
	readonly size: Size;
	/** What is outside; absent: nothing can be done there. */
	readonly ports?: Ports;
	readonly terminal?: Terminal;
	/** Ends the dashboard. */
	readonly leave: () => void;
};

/** What was made for one version, once. */
type Frame = {readonly version: number; readonly context: RowContext; text?: TextLines};

const noListing: Listing<Target> = {objects: [], ids: [], total: 0, filter: undefined};
const noLines: TextLines = {count: 0, at: () => []};

/** How long a message stays. */
const messageMs = 10_000;

/**
 * The dashboard behind the screen: what the keys have made of it, and what the cluster says. No React: keys that arrive
 * together are worked off one by one, each on the state that the one before has left.
 */
export class Ui {
	readonly executor: Executor;
	readonly collections: Collections;
	readonly clock: Clock;
	/** What the next dashboard is to look at, when this one is left for it. */
	wish: Wish | undefined;
	readonly ports: Ports;
	readonly terminal: Terminal;
	readonly memory: Memory;
	/** By service (id): those that were asked for. */
	readonly versions = new Map<string, readonly ServiceVersion[]>();
	/** By node (id): what holds its instances, where that was asked for. */
	held: ReadonlyMap<string, readonly Held[]> = new Map();
	#settings: Settings = defaultSettings;
	#theme: Theme;
	readonly #ownTheme: Theme;
	#screens: readonly Screen[];
	readonly #ownScreens: readonly Screen[];
	#mistake: string | undefined;
	#state: State;
	#version = 0;
	/** Of the screens that were shown: coming back to one costs what changed meanwhile. */
	readonly #listings = new Map<Screen, LiveListing<Kind>>();
	#frame: Frame | undefined;
	#listeners = new Set<() => void>();
	#isNotifying = false;
	#look: (() => boolean) | undefined;
	#cancelWake = () => {};
	#forgetMessage = () => {};
	readonly #closing: Array<() => void> = [];
	#hearsPermissions = false;
	readonly #leave: () => void;
	#isLeft = false;

	constructor(options: UiOptions) {
		const {executor, collections, clock, theme, screens, size, leave} = options;
		this.ports = options.ports ?? noPorts;
		this.memory = new Memory(this.ports);
		this.terminal = options.terminal ?? new Terminal();
		this.executor = executor;
		this.collections = collections;
		this.clock = clock;
		this.#theme = theme;
		this.#ownTheme = theme;
		this.#screens = screens;
		this.#ownScreens = screens;
		this.#leave = leave;
		const places = firstPlaces(options.screen ?? screens[0]?.id ?? '', options);
		const trail = {views: [places], at: 0, last: -1};
		this.#state = {size, places, trail, overlay: undefined, scaling: undefined, scaled: undefined, message: undefined};
	}

	get settings(): Settings {
		return this.#settings;
	}

	get theme(): Theme {
		return this.#theme;
	}

	get screens(): readonly Screen[] {
		return this.#screens;
	}

	/** What is wrong with the config file: while something is, what it said before holds. */
	get mistake(): string | undefined {
		return this.#mistake;
	}

	/** From now on as its user wants it. `mistake`: the file says something else, which cannot be. */
	configure(settings: Settings | undefined, mistake?: string): void {
		if (settings !== undefined) {
			this.#settings = settings;
			this.#theme = this.#ownTheme.isFixed ? this.#ownTheme : (settings.theme ?? this.#ownTheme);
			this.#screens = screensWith(this.#ownScreens, settings.columns);
			this.#listings.clear();
		}

		this.#mistake = mistake;
		this.refresh();
	}

	get state(): State {
		return this.#state;
	}

	/** Another number whenever a frame may look different. */
	get version(): number {
		return this.#version;
	}

	get world(): World {
		return this.collections.world();
	}

	/** For what is decided now: a world that has not changed for an hour is an hour old. */
	get worldNow(): Snapshot {
		const {services, instances, nodes, images, networks, volumes, configs, secrets} = this.world;
		const stored = {networks, volumes, configs, secrets};
		return {
			now: this.clock.now(),
			services,
			instances,
			nodes,
			images,
			...stored,
			versions: this.versions,
			held: this.held,
		};
	}

	get place(): Place {
		return this.#state.places.at(-1) ?? newPlace('');
	}

	get screen(): Screen {
		return this.screenOf(this.place);
	}

	screenOf(place: Place): Screen {
		const {screen} = place;
		const found = this.screens.find(({id}) => id === screen) ?? this.screens[0];
		if (found === undefined) {
			throw new Error('Broken invariant: a dashboard has screens');
		}

		return found.type === 'table' ? (found.at?.(this, place) ?? found) : found;
	}

	/** The rows of the list shown; of a screen of text, none. */
	get listing(): Listing<Target> {
		const {screen, place, world} = this;
		if (screen.type !== 'table') {
			return noListing;
		}

		const rows =
			this.#listings.get(screen) ?? new LiveListing(screen, screen.source?.() ?? this.collections.source(screen.kind));
		this.#listings.set(screen, rows);
		return rows.of(place, world);
	}

	/** What this frame is written with: every version has its own. */
	get context(): RowContext {
		if (this.#frame?.version !== this.#version) {
			this.#frame = {version: this.#version, context: {world: this.world, ages: new Ages(this.clock.now())}};
		}

		return this.#frame.context;
	}

	/** The lines of a screen of text. */
	get text(): TextLines {
		const {screen, place, context} = this;
		const frame = this.#frame as Frame;
		frame.text ??= screen.type === 'text' ? screen.lines({...context, ui: this, about: place.about}) : noLines;
		return frame.text;
	}

	/** What lies between header and message. */
	get room(): Size {
		return {columns: this.#state.size.columns, rows: frameParts(this.#state).body};
	}

	/** The rows of a list that are seen: its titles take one line. */
	get visibleRows(): number {
		return Math.max(1, frameParts(this.#state).body - 1);
	}

	/** What keys act on: the object under the cursor, or the one that a screen of text is about; a picture says. */
	get target(): Target | undefined {
		const {screen, place} = this;
		if (screen.type === 'picture') {
			return screen.target(this);
		}

		return screen.type === 'table' ? this.listing.objects[place.list.index] : this.find(place.about);
	}

	find(about: {readonly kind: Kind; readonly id: string} | undefined): Target | undefined {
		return about?.kind === 'resource'
			? resourceSession(this).find(about.id)
			: about && this.collections.source(about.kind)?.byId.get(about.id);
	}

	update(change: Partial<State>): void {
		const {overlay, message} = this.#state;
		const isAsked = overlay === undefined && (change.overlay?.type === 'panel' || change.overlay?.type === 'form');
		// What failed before is not about the question that comes up now.
		const isOver = isAsked && (message?.role === 'bad' || message?.role === 'warning');
		this.#state = {...this.#state, ...(isOver && {message: undefined}), ...change};
		this.refresh();
	}

	/** Changes the place that is shown. */
	updatePlace(change: Partial<Place>): void {
		this.update({places: [...this.#state.places.slice(0, -1), {...this.place, ...change}]});
	}

	updateList(move: (list: ListState, ids: readonly string[], rows: number) => ListState): void {
		this.updatePlace({list: move(this.place.list, this.listing.ids, this.visibleRows)});
	}

	/** The cluster, the state or the time has moved on: the cursor stays on its object, and a frame is drawn. */
	refresh(): void {
		const {place, screen} = this;
		const staysOnTop = screen.type === 'table' && screen.growsAtTop && place.list.index === 0;
		const list = settle(staysOnTop ? emptyList : place.list, this.listing.ids, this.visibleRows);
		if (list !== place.list) {
			this.#state = {...this.#state, places: [...this.#state.places.slice(0, -1), {...place, list}]};
		}

		this.#version++;
		this.#notify();
	}

	/** One line below the screen: for a while, what is going on until the next one. */
	say(role: Role, text: string): void {
		this.#forgetMessage();
		if (role !== 'busy') {
			this.#forgetMessage = this.clock.after(messageMs, () => {
				this.update({message: undefined});
			});
		}

		this.update({message: {role, text, since: this.clock.now()}});
	}

	/** Nothing is changed: by the command line, or by the policy of this context. */
	get isReadOnly(): boolean {
		return this.executor.readOnly || this.settings.policy.readOnly;
	}

	/** Why an action cannot be done to a target; undefined: it can. */
	refusal(action: Action, target: Target | undefined): string | undefined {
		const {readOnly, backend} = this.executor;
		return readOnly || this.settings.policy.readOnly
			? 'Nothing is changed in read-only mode.'
			: (action.unavailable?.(target, backend) ?? this.forbidden(action.id, target));
	}

	/** Why the cluster does not allow something to this user, as far as it has said so. */
	forbidden(action: string, target: Target | undefined): string | undefined {
		const {permissions} = this.executor.backend.facets;
		if (permissions === undefined) {
			return undefined;
		}

		if (!this.#hearsPermissions) {
			this.#hearsPermissions = true;
			this.onClose(permissions.subscribe(() => this.refresh()));
		}

		return permissions.refusal(
			action,
			target?.kind === 'instance' && action.startsWith('service.') ? undefined : target,
		);
	}

	/** Looks at the cluster at each change until `look` answers false, or something else is watched. */
	watch(look: () => boolean): void {
		this.#look = look;
		this.#look();
	}

	/** The cluster has moved on. */
	changed(): void {
		if (this.#look?.() === false) {
			this.#look = undefined;
		}

		this.refresh();
	}

	resize(size: Size): void {
		this.update({size});
	}

	/** A version is on the screen: the next one comes at the latest when the text of one of its ages changes. */
	drawn(version: number): void {
		this.#cancelWake();
		const changesInMs = this.#frame?.context.ages.changesInMs;
		if (changesInMs !== undefined && changesInMs !== Number.POSITIVE_INFINITY && this.#frame?.version === version) {
			this.#cancelWake = this.clock.after(changesInMs, () => {
				this.refresh();
			});
		}
	}

	/** Ends the dashboard. */
	leave(): void {
		this.#isLeft = true;
		this.#leave();
	}

	/** It is ending: what is still on its way comes too late. */
	get isLeft(): boolean {
		return this.#isLeft;
	}

	/** What was opened for this dashboard ends with it. */
	onClose(end: () => void): void {
		this.#closing.push(end);
	}

	/** Nothing is drawn, said or done any more. */
	close(): void {
		this.#isLeft = true;
		this.#cancelWake();
		this.#forgetMessage();
		this.#state.scaling?.cancel();
		this.#listeners.clear();
		for (const end of this.#closing) {
			end();
		}
	}

	subscribe(listener: () => void): () => void {
		this.#listeners.add(listener);
		return () => {
			this.#listeners.delete(listener);
		};
	}

	/** Once for all changes that are made in one go. */
	#notify(): void {
		if (this.#isNotifying) {
			return;
		}

		this.#isNotifying = true;
		queueMicrotask(() => {
			this.#isNotifying = false;
			for (const listener of this.#listeners) {
				listener();
			}
		});
	}
}
