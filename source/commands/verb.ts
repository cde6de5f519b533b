import type {Field, Fields, Input, World} from '../actions/action.ts';
import type {Plan} from '../actions/execute.ts';
import type {Backend} from '../core/backend.ts';
import type {Kind} from '../core/model/index.ts';
import type {SharedFlags} from './arguments/shared-flags.ts';
import type {Host} from './host.ts';
import type {Errand} from './running/errand.ts';

/** A word that is no flag. */
export type Operand = {
	/** As in the help: `SERVICE`, `SERVICE=REPLICAS`. */
	readonly name: string;
	/** What completion offers. */
	readonly completes?: Kind;
	readonly optional?: boolean;
	/** May come several times; only the last operand. */
	readonly many?: boolean;
};

/** One run of a verb. */
export type Call<F extends Fields = Fields> = {
	readonly host: Host;
	/** `service scale`, for messages. */
	readonly path: string;
	readonly flags: Input<F>;
	readonly shared: SharedFlags;
	readonly operands: readonly string[];
	/** The context's name, chosen by flags and environment. */
	context(): Promise<string>;
	/** Opens the context, at its first use. */
	backend(options?: {autoStart: boolean}): Promise<Backend>;
	/** Another command line, of which only a plan is wanted: its verb, and this call with its words. */
	command(words: readonly string[]): Promise<{readonly verb: Verb; readonly call: Call}>;
	/** Takes the plans in the place of carrying them out. */
	readonly planned?: (plans: readonly Plan[], errands: readonly Errand[], world: World) => Promise<void>;
};

/** What a command can do: its words, and what it runs. Help, completion and docs are printed from it. */
export type Verb<F extends Fields = Fields> = {
	readonly operands: readonly Operand[];
	readonly fields: F;
	/** Further lines of the help. */
	readonly details?: string;
	readonly examples?: readonly string[];
	/** From this operand on, the first being 1, nothing is a flag any more: it belongs to a command that is to be run. */
	readonly flagsEndAfter?: number;
	/** Changes something. Its flags are read by meow; one that only looks must not pay for that. */
	readonly writes?: boolean;
	/** Answers with the exit status. */
	run(call: Call<F>): Promise<number>;
};

export function defineVerb<const F extends Fields>(verb: Verb<F>): Verb {
	// A verb is only ever called with what its own fields have parsed.
	return verb as unknown as Verb;
}

/** Takes a value. */
export function takesValue(field: Field<unknown>): boolean {
	return field.placeholder !== undefined;
}
