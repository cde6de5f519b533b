import {constants} from 'node:os';

/** `SIGTERM`, `term`, `15` → SIGTERM. What is no signal becomes SIGTERM: specs are checked where they come in. */
export function toSignal(text: string): NodeJS.Signals {
	const upper = text.toUpperCase();
	const found = Object.entries(constants.signals).find(
		([name, number]) => name === upper || name === `SIG${upper}` || String(number) === text,
	);
	return (found?.[0] ?? 'SIGTERM') as NodeJS.Signals;
}
