import type {Preview} from '../actions/action.ts';
import type {Instant} from '../core/model/index.ts';
import type {Form} from './form/form.ts';
import type {KeymapRow} from './keymap.ts';
import type {World} from './world.ts';

/** A line of text that is being typed. */
export type Prompt = {
	readonly type: 'prompt';
	/** Before the text: `/`, `:`, `Replicas of web`. */
	readonly label: string;
	readonly text: string;
	/** In which place of the text it goes on, in characters; absent: at its end. */
	readonly caret?: number | undefined;
	/** Behind it: what it would do, or why it cannot. */
	hint?(text: string): string;
	/** As it is typed. */
	change?(text: string): void;
	/** False keeps the prompt open. */
	submit(text: string): boolean | undefined;
	cancel?(): void;
	/** What `tab` may make of it: whole texts. */
	complete?(text: string): readonly string[];
	/** Those that `tab` goes through, and the one shown. */
	readonly offered?: {readonly texts: readonly string[]; readonly index: number} | undefined;
	/** Lines of before, the oldest first. */
	readonly history?: readonly string[];
	/** Which of those that begin with what was typed is shown. */
	readonly browsed?: {readonly typed: string; readonly index: number} | undefined;
};

/** What a change would bring, shown before it is made. */
export type Panel = {
	readonly type: 'panel';
	readonly title: string;
	/** Why nothing of this can be done any more: it is shown in the place of all else. */
	gone?(): string | undefined;
	/** Read anew at every frame: the cluster goes on meanwhile. */
	preview(world: World): Preview | undefined;
	/** Asked below the rows. */
	readonly question?: string;
	/** The equal command. */
	command?(): string;
	/** What has to be typed before anything is done; keys go there. */
	readonly typed?: {readonly wanted: string; readonly text: string};
	readonly keymap: readonly KeymapRow[];
	/** The first visible row. */
	readonly top: number;
};

/** The first of two keys was pressed: `o`, then a column's letter. */
export type Chord = {
	readonly type: 'chord';
	readonly title: string;
	readonly keymap: readonly KeymapRow[];
	/** The first key has done its work already: a key that is not one of these means what it means without. */
	readonly passes?: boolean;
};

/** Some of several, in an order. */
export type Choices = {
	readonly type: 'choices';
	readonly title: string;
	readonly items: ReadonlyArray<{readonly title: string; readonly isOn: boolean}>;
	readonly index: number;
	readonly keymap: readonly KeymapRow[];
};

/** Something outside is waited for: what is typed meanwhile is not for the screen. */
export type Wait = {
	readonly type: 'wait';
	readonly title: string;
	readonly since: Instant;
	readonly keymap: readonly KeymapRow[];
};

/** What lies over a screen and takes its keys. */
export type Overlay = Prompt | Panel | Chord | Choices | Wait | Form;
