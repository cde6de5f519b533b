import type {TextScreen} from '../screen.ts';
import {resourceSession} from './session.ts';

let shown: ReturnType<typeof resourceSession> | undefined;

/** Any kind that the engine has: `:get ingresses`, `:get ingress web`. */
export const resourcesScreen: TextScreen = {
	type: 'text',
	id: 'resources',
	aliases: [],
	keymap: [],
	lines: ({ui}) => resourceSession(ui).lines(),
	status: ui => resourceSession(ui).status(),
	open(ui) {
		shown = resourceSession(ui);
		shown.open();
	},
	close: () => shown?.close(),
};
