import {quote} from '../../actions/fields/shell.ts';
import {joinToken, roles} from '../../actions/swarm/swarm.ts';
import {toClusterError} from '../../core/error.ts';
import type {NodeRole} from '../../core/model/index.ts';
import {stripControl} from '../../core/text/text.ts';
import type {KeymapRow} from '../keymap.ts';
import {waitFor} from '../sessions/wait.ts';
import {copy} from '../terminal/copying.ts';
import type {Ui} from '../ui.ts';
import {errorText} from './running.ts';

const mostMs = 30_000;

/** The key that copies what lets an engine join. It is secret: it never stands on the screen. */
export const joinRow: KeymapRow = {
	keys: ['T'],
	hint: 'join token',
	help: 'Copy the command by which an engine joins: then `w` as a worker, `m` as a manager',
	quiet: true,
	refused: ui => ui.refusal(joinToken, undefined),
	unavailable: ui => ui.refusal(joinToken, undefined),
	press(ui) {
		const rows = roles.map(
			(role): KeymapRow => ({
				keys: [role.charAt(0)],
				hint: role,
				help: `Copy the command by which an engine joins as a ${role}`,
				press: it => void copyJoin(it, role),
			}),
		);
		ui.update({overlay: {type: 'chord', title: 'Copy what lets an engine join, as a', keymap: rows}});
	},
};

async function copyJoin(ui: Ui, role: NodeRole): Promise<void> {
	const {facets, name} = ui.executor.backend;
	if (facets.membership === undefined) {
		return;
	}

	const wait = waitFor(ui, {title: `muster swarm join-token ${role} …`, name, mostMs});
	try {
		const asked = Promise.all([facets.membership.joinToken(role), facets.membership.facts()]);
		const [token, {managers}] = await Promise.race([asked, wait.over]);
		const words = ['docker', 'swarm', 'join', '--token', token, managers[0] ?? ''];
		copy(ui, `what lets a ${role} join`, words.map(word => quote(stripControl(word))).join(' '));
	} catch (error) {
		ui.say('bad', errorText(toClusterError(error)));
	} finally {
		wait.end();
	}
}
