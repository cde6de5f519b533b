import {toClusterError} from '../core/error.ts';
import type {Instance, Node, Service} from '../core/model/index.ts';
import {planSpread} from '../core/tend/spread.ts';
import {stripControl} from '../core/text/text.ts';
import type {TenderPorts} from './ports.ts';

/** Spreads services over nodes that have come or come back: one at a time, once the nodes have stayed as they are for a while. */
export class Spreading {
	readonly #ports: TenderPorts;
	#nodes = '';
	#nodesSinceMs = 0;
	/** What it does, or why nothing. */
	reason = 'nothing was looked at yet';

	constructor(ports: TenderPorts) {
		this.#ports = ports;
	}

	async look(services: readonly Service[], instances: readonly Instance[], nodes: readonly Node[]): Promise<void> {
		const {backend, clock, log, options} = this.#ports;
		const {tend} = backend.facets;
		if (options.spread === undefined || tend === undefined) return;
		const {mostMoves, settleMs} = options.spread;
		const nowMs = clock.monotonicMs();
		const known = nodes.map(({id, status, availability}) => `${id} ${status.state} ${availability}`).join();
		if (known !== this.#nodes) {
			this.#nodes = known;
			this.#nodesSinceMs = nowMs;
		}

		const moving = services.find(service => tend.isSpreading(service));
		if (moving !== undefined) {
			this.reason = `${moving.name} is being spread`;
			return;
		}

		if (nowMs - this.#nodesSinceMs < settleMs) {
			this.reason = 'the nodes have changed a short while ago';
			return;
		}

		const [plan] = planSpread({services, instances, nodes, mostMoves}).filter(({moves}) => moves > 0);
		if (plan === undefined) {
			this.reason = 'all is spread as it can be';
			return;
		}

		this.reason = `${plan.service.name}: ${plan.moves} come up before ${plan.moves} go`;
		try {
			await tend.spread(plan.service, plan.moves);
			log(`spreads ${stripControl(this.reason)}`);
		} catch (thrown) {
			if (toClusterError(thrown).code !== 'conflict') throw thrown;
		}
	}
}
