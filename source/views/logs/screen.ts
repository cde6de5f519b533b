import type {TextScreen} from '../screen.ts';
import {logsKeymap, takeBack} from './keymap.ts';
import {LogSession} from './session.ts';

/** The logs of one instance, or of all of a service or a node in one stream. */
export function createLogsScreen(): TextScreen {
	const session = new LogSession();
	return {
		type: 'text',
		id: 'logs',
		aliases: ['log'],
		keymap: logsKeymap(session),
		follows: true,
		open: (ui, about) => session.open(ui, about),
		close: () => session.close(),
		lines: context => session.lines(context),
		status: ui => session.status(ui),
		back: ui => takeBack(ui, session),
	};
}
