import {rebalance, rebalanceProgress, usualMoves} from '../../../actions/node/rebalance.ts';
import {planRebalance} from '../../../core/rebalance.ts';
import {stripControl} from '../../../core/text/text.ts';
import {createProgressLines} from '../../running/progress-lines.ts';
import {runErrands, waitFields} from '../../running/run-action.ts';
import {waitUntil} from '../../running/wait-until.ts';
import {readWorld} from '../../running/world.ts';
import {defineVerb} from '../../verb.ts';

const {maxMoves} = rebalance.fields;

export const rebalanceVerb = defineVerb({
	writes: true,
	operands: [{name: 'SERVICE', completes: 'service', optional: true, many: true}],
	fields: {maxMoves, ...waitFields},
	details:
		'After a node has come or come back, nothing moves there by itself. This moves a bounded number of instances: each is healthy in\nits new place before it stops in the old one. Without a name all services are looked at.',
	examples: ['muster rebalance --dry-run', 'muster rebalance web', 'muster rebalance --max-moves 50'],
	async run(call) {
		const {host, flags, operands, shared} = call;
		const backend = await call.backend();
		const world = await readWorld(backend, host.now());
		const input = {services: operands, ...(flags.maxMoves !== undefined && {maxMoves: flags.maxMoves})};
		const code = await runErrands(call, world, [{action: rebalance, target: undefined, input}]);
		if (code !== 0 || shared.dryRun || flags.detach) {
			return code;
		}

		const named = world.services.filter(
			({name, id}) => operands.length === 0 || operands.includes(name) || operands.includes(id),
		);
		const asked = planRebalance(world, named, flags.maxMoves ?? usualMoves).moves.map(({instance}) => instance);
		const lines = createProgressLines(host.stderr, flags.quiet ?? false);
		try {
			const awaited = [{name: 'rebalance', progress: rebalanceProgress(asked)}];
			const {progress, interrupted} = await waitUntil(awaited, {
				backend,
				host,
				timeoutMs: flags.timeout,
				show: lines.show,
			});
			lines.clear();
			for (const {message} of flags.quiet ? [] : progress.values()) {
				host.stderr.write(`${stripControl(message)}\n`);
			}

			return interrupted ? 130 : 0;
		} finally {
			lines.clear();
		}
	},
});
