import {quote} from '../../actions/fields/shell.ts';
import {formatPortPair, type PortPair, parsePortPair} from '../../actions/instance/forwarded-ports.ts';
import {toClusterError} from '../../core/error.ts';
import type {Instant} from '../../core/model/index.ts';
import {openPortForward, type PortForward} from '../../live/port-forward.ts';
import {openPrompt} from '../errands/asking.ts';
import {errorText} from '../errands/running.ts';
import type {KeymapRow, Target} from '../keymap.ts';
import type {Ui} from '../ui.ts';

/** Ports of this machine that lead to an instance or a service, until they are stopped or the dashboard is left. */
export type Forward = {
	readonly key: string;
	readonly name: string;
	readonly forward: PortForward;
	readonly startedAt: Instant;
	/** What was told of it last. */
	said: string;
	hasEnded: boolean;
};

const address = '127.0.0.1';
const kept = new WeakMap<Ui, Forward[]>();
/** They are few; what never stops asking for more is refused. */
const mostForwards = 100;

export function forwardsOf(ui: Ui): readonly Forward[] {
	return kept.get(ui) ?? [];
}

/** The key that starts one. */
export const forwardRow: KeymapRow = {
	keys: ['F'],
	hint: 'forward',
	help: 'Lead ports of this machine to it, until they are stopped (`:forwards`) or muster is left',
	quiet: true,
	needsTarget: true,
	refused: ui => whyNotForwarded(ui, undefined),
	unavailable: whyNotForwarded,
	press: (ui, target) => target && askPorts(ui, target),
};

function whyNotForwarded(ui: Ui, target: Target | undefined): string | undefined {
	const {backend} = ui.executor;
	if (backend.facets.connect === undefined) {
		return `${backend.engine} cannot lead ports to instances.`;
	}

	return ui.ports.listen === undefined
		? 'This dashboard cannot listen on ports.'
		: ui.forbidden('instance.port-forward', target);
}

function askPorts(ui: Ui, target: Target): void {
	openPrompt(ui, {
		label: `Lead ports to ${target.name}: `,
		text: targetsOf(ui, target)
			.map(port => `:${port}`)
			.join(' '),
		hint(text) {
			try {
				return read(text).map(told).join(', ') || '8080:80 leads port 8080 here to its 80; :80 any free one';
			} catch (error) {
				return toClusterError(error).message;
			}
		},
		submit(text) {
			try {
				const ports = read(text);
				if (ports.length > 0) {
					void start(ui, target, ports);
				}

				return true;
			} catch {
				return false;
			}
		},
	});
}

function read(text: string): PortPair[] {
	return text.split(/[\s,]+/).flatMap(word => (word === '' ? [] : [parsePortPair(word)]));
}

function told({local, remote}: PortPair): string {
	return `${local === 0 ? 'a free port' : local} → ${remote}`;
}

/** The ports that it is known to listen on, which are offered. */
function targetsOf(ui: Ui, target: Target): readonly number[] {
	const instance =
		target.kind === 'instance' ? target : ui.world.instances.find(({serviceId}) => serviceId === target.id);
	const service = target.kind === 'service' ? target : ui.find({kind: 'service', id: instance?.serviceId ?? ''});
	const published = service?.kind === 'service' ? service.spec.ports.map(port => port.target) : [];
	return [...new Set([...published, ...(instance?.status.endpoints ?? []).map(one => one.target)])].slice(0, 5);
}

async function start(ui: Ui, target: Target, ports: readonly PortPair[]): Promise<void> {
	const {listen} = ui.ports;
	const {backend} = ui.executor;
	if (listen === undefined || forwardsOf(ui).length >= mostForwards) {
		ui.say('warning', `More than ${mostForwards} port-forwards are not kept: :forwards stops some.`);
		return;
	}

	const to =
		target.kind === 'instance'
			? {serviceId: target.serviceId, serviceName: target.serviceName, instanceName: target.name}
			: {serviceId: target.id, serviceName: target.name};
	let entry: Forward | undefined;
	ui.say('busy', `muster port-forward ${[target.name, ...ports.map(formatPortPair)].map(quote).join(' ')} …`);
	try {
		const forward = await openPortForward({
			...{backend, clock: ui.clock, listen, address, ports, to},
			tell(text) {
				if (entry !== undefined) {
					entry.said = text;
				}

				ui.say('warning', `${target.name}: ${text}`);
			},
			changed: () => ui.screen.id === 'forwards' && ui.refresh(),
		});
		entry = keep(ui, target.name, forward);
	} catch (error) {
		ui.say('bad', errorText(toClusterError(error)));
	}
}

function keep(ui: Ui, name: string, forward: PortForward): Forward {
	const entry: Forward = {
		key: forward.ports.map(({local}) => local).join(','),
		...{name, forward, startedAt: ui.clock.now(), said: '', hasEnded: false},
	};
	if (!kept.has(ui)) {
		ui.onClose(() => {
			for (const one of forwardsOf(ui)) {
				one.forward.close();
			}
		});
	}

	kept.set(ui, [...forwardsOf(ui), entry]);
	void forward.ended.then(error => {
		entry.said = error.message;
		entry.hasEnded = true;
		ui.say('warning', `The port-forward has ended: ${error.message}`);
	});
	const [first, ...others] = forward.ports;
	const more = others.length === 0 ? '' : ` and ${others.length} more`;
	ui.say('good', `✓ ${address}:${first?.local} → ${name} port ${first?.remote}${more} · :forwards lists and stops`);
	return entry;
}

/** Also takes one off the list that has ended. */
export function stopForward(ui: Ui, entry: Forward): void {
	entry.forward.close();
	kept.set(
		ui,
		forwardsOf(ui).filter(one => one !== entry),
	);
	ui.say('good', `✓ nothing leads to ${entry.name} from ${entry.key} any more`);
}
