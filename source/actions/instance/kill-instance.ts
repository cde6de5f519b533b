import {ClusterError} from '../../core/error.ts';
import {isFinal} from '../../core/instance-state.ts';
import {checkSignal, signalName} from '../../core/signals.ts';
import {defineAction} from '../action.ts';
import {present} from '../change.ts';
import {text} from '../fields/fields.ts';

export const killInstance = defineAction({
	id: 'instance.kill',
	title: 'Kill: send a signal',
	on: 'instance',
	fields: {signal: {...text('The signal', 'SIGNAL', {short: 's', fallback: 'SIGKILL'}), parse: checkSignal}},
	unavailable: (_, {name, facets}) => (facets.kill ? undefined : `${name} cannot send signals to instances`),
	confirm: (instance, {signal = 'SIGKILL'}) => instance && `Send ${signalName(signal)} to ${instance.name}?`,
	plan(_, target, {signal = 'SIGKILL'}) {
		const {id, name, status} = present(target);
		const sent = signalName(signal);
		if (isFinal(status.state)) {
			throw new ClusterError('conflict', `${name} does not run: it is ${status.state}`);
		}

		const ref = {kind: 'instance', id, name} as const;
		const what = `${sent} to ${name}`;
		return [
			{
				type: 'effect',
				ref,
				todo: `send ${what}`,
				title: `sent ${what}`,
				run: async ({facets}) => facets.kill?.(ref, sent),
			},
		];
	},
});
