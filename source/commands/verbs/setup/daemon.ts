import {toggle} from '../../../actions/fields/fields.ts';
import {ClusterError} from '../../../core/error.ts';
import {stripControl} from '../../../core/text/text.ts';
import {formatOf, listFields, renderList} from '../../output/print.ts';
import {toTime} from '../../output/shape.ts';
import {confirm} from '../../running/confirm.ts';
import {refuseReadOnly} from '../../running/read-only.ts';
import {type Call, defineVerb} from '../../verb.ts';
import {healthListing} from '../look/health.ts';

function say({host}: Pick<Call, 'host'>, sentence: string): number {
	host.stderr.write(`${stripControl(sentence)}\n`);
	return 0;
}

/** All of these are of this machine: who names another cluster is not given this one's. */
function refuseElsewhere({shared: {context, backend}}: Pick<Call, 'shared'>): void {
	const other = [context, backend].find(name => name !== undefined && name !== 'local');
	if (other !== undefined) {
		throw new ClusterError(
			'unsupported',
			`this is about the daemon of this machine, not that of ${stripControl(other)}`,
		);
	}
}

export const daemonStart = defineVerb({
	operands: [],
	fields: {},
	async run(call) {
		refuseElsewhere(call);
		refuseReadOnly(call);
		if (call.shared.dryRun) {
			return say(call, 'The daemon would be started, where it does not run.');
		}

		return say(call, (await call.host.daemon.start()) ? 'The daemon is started.' : 'The daemon runs already.');
	},
});

export const daemonStop = defineVerb({
	operands: [],
	fields: {all: toggle('Also agents, gateway and all instances')},
	details: 'Without --all instances and gateway go on; the next command starts the daemon again.',
	async run(call) {
		refuseElsewhere(call);
		const {host, flags, shared} = call;
		const all = flags.all ?? false;
		refuseReadOnly(call);
		if (shared.dryRun) {
			return say(
				call,
				all ? 'Daemon, agents, gateway and all instances would be ended.' : 'The daemon would be ended.',
			);
		}

		if (all && !shared.yes) {
			await confirm(host, ['Stop the daemon, the agents, the gateway and all instances?']);
		}

		const stopped = await host.daemon.stop({all});
		const what = all ? 'Everything is stopped.' : 'The daemon is stopped; instances and gateway go on.';
		return say(call, stopped ? what : 'Nothing ran.');
	},
});

export const daemonStatus = defineVerb({
	operands: [],
	fields: {noHeaders: listFields.noHeaders},
	details: 'Ends with 0 where it runs, else with 1.',
	async run({host, flags, shared}) {
		refuseElsewhere({shared});
		const format = formatOf({}, shared);
		const state = await host.daemon.status();
		if (format !== 'table' && format !== 'wide') {
			const shape = state.running ? {...state, startedAt: toTime(state.startedAt)} : state;
			const {printValue} = await import('../../output/value.ts');
			host.stdout.write(await printValue(shape, format));
			return state.running ? 0 : 1;
		}

		if (!state.running) {
			host.stdout.write(`The daemon does not run${state.onPurpose ? ': it was stopped' : ''}.\n`);
			return 1;
		}

		const {version, pid, startedAt, home} = state;
		const head = `The daemon runs: version ${version}, process ${pid}, since ${toTime(startedAt)}, home ${home}`;
		host.stdout.write(`${stripControl(head)}\n\n`);
		const printing = {
			host,
			listing: healthListing,
			context: 'local',
			format,
			headers: !flags.noHeaders,
			noColor: shared.noColor,
		};
		host.stdout.write(await renderList(printing, state.health));
		return 0;
	},
});

export const daemonUpgrade = defineVerb({
	operands: [],
	fields: {
		force: toggle('Also where this version runs already: a fresh start of the daemon'),
		agents: toggle('The agents too, one by one: each new one takes over what its node runs'),
		gateway: toggle('The gateway too: no connection is refused; open ones have five seconds to end'),
	},
	details:
		'Puts this version of muster in the place of the one that runs. Instances, agents and gateway go on, untouched.\nWhere the new daemon does not run, the old one is started again, on the store as it was.',
	async run(call) {
		refuseElsewhere(call);
		const {host, flags, shared} = call;
		const {force = false, agents = false, gateway = false} = flags;
		refuseReadOnly(call);
		if (shared.dryRun) {
			const running = await host.daemon.running();
			if (!running) {
				return say(call, 'No daemon runs.');
			}

			const {version, isOther} = running;
			return say(
				call,
				isOther || force ? `The daemon ${version} would be replaced by ${host.version}.` : `${version} runs already.`,
			);
		}

		const upgraded = await host.daemon.upgrade({force, agents, gateway, say: sentence => void say(call, sentence)});
		return say(call, upgraded ? `Upgraded from ${upgraded.from} to ${upgraded.to}.` : `${host.version} runs already.`);
	},
});

export const daemonUnit = defineVerb({
	operands: [],
	fields: {},
	details: 'Prints the systemd user unit that `muster daemon install` writes.',
	async run({host, shared}) {
		refuseElsewhere({shared});
		host.stdout.write(await host.daemon.unit());
		return 0;
	},
});

export const daemonInstall = defineVerb({
	operands: [],
	fields: {},
	details: 'Writes a user unit for systemd, which starts the daemon at login and after a reboot.',
	async run(call) {
		refuseElsewhere(call);
		refuseReadOnly(call);
		if (call.shared.dryRun) {
			return say(call, 'A user unit for systemd would be written.');
		}

		const file = await call.host.daemon.install();
		call.host.stdout.write(`${stripControl(file)}\n`);
		return say(call, 'Enable it with: systemctl --user enable --now muster');
	},
});
