import type {Home} from '../backends/local/home.ts';
import {readTended, readTendedState} from '../backends/local/tended.ts';
import type {TendedContext} from '../core/tend/tended.ts';
import {optionsText, type TendOptions} from '../tender/options.ts';

/** What the daemon of this home tends. */
export function tendedContexts(home: Home): readonly TendedContext[] {
	return Object.entries(readTended(home)).map(([context, {options}]) => {
		const told = readTendedState(home, context);
		return {
			context,
			does: optionsText(options as TendOptions),
			...(told !== undefined && {state: told.state as TendedContext['state']}),
		};
	});
}
