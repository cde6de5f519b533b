import type {Service} from '../../source/core/model/index.ts';
import type {Command, Known} from './actions.ts';
import type {Answer} from './engine.ts';
import {type Flight, Flights} from './flights.ts';

type Declared = {replicas: number | undefined; isRemoved: boolean; isCertain: boolean};

/** Exit statuses that are an answer: done, not found, conflict, unreachable while the daemon is being killed. */
const answers = [0, 3, 4, 5];

/** What users asked for and were told is done. */
export class DeclaredServices {
	readonly #services = new Map<string, Declared>();
	readonly #flights = new Flights();

	/** The answer ends it. */
	asked({declares}: Command): Flight | undefined {
		return declares && this.#flights.start(declares.name);
	}

	/** The answer says what is wrong with how a command ended. */
	answered({args, declares}: Command, {code, text}: Answer, flight?: Flight): string[] {
		if (flight) this.#flights.end(flight);
		if (declares !== undefined && (code === 0 || code === 5 || code === null)) {
			const {name, replicas = this.#services.get(name)?.replicas, isRemoved = false} = declares;
			this.#services.set(name, {replicas, isRemoved, isCertain: code === 0 && (flight?.others.size ?? 0) === 0});
		}

		const isAnswer = code !== null && answers.includes(code) && !/^\s+at /m.test(text);
		return isAnswer ? [] : [`muster ${args.join(' ')} ended with ${code}: ${text.trim()}`];
	}

	/** Once all has come to rest: what was acknowledged and is not there. */
	problems(services: readonly Service[]): string[] {
		const found = new Map(services.map(service => [service.name, service]));
		return [...this.#services].flatMap(([name, {replicas, isRemoved, isCertain}]) => {
			const service = found.get(name);
			if (!isCertain) {
				return [];
			}

			if (isRemoved) {
				return service === undefined ? [] : [`service ${name} was removed and is there`];
			}

			if (service === undefined) {
				return [`service ${name} was acknowledged and is lost`];
			}

			const {replicas: has, autoscale} = service.spec;
			if (autoscale) {
				const isWithin = has >= autoscale.min && has <= autoscale.max;
				return isWithin ? [] : [`service ${name} has ${has} replicas, not ${autoscale.min} to ${autoscale.max}`];
			}

			return replicas === undefined || replicas === has
				? []
				: [`service ${name} was to have ${replicas} replicas, not ${has}`];
		});
	}

	/** How it went with what was cut short, and what may be asked next. */
	settle(services: readonly Service[]): Known[] {
		this.#services.clear();
		for (const {name, spec} of services) {
			this.#services.set(name, {
				replicas: spec.mode === 'global' ? undefined : spec.replicas,
				isRemoved: false,
				isCertain: true,
			});
		}

		return services.map(({name, spec}) => ({name, mode: spec.mode, isAutoscaled: spec.autoscale !== undefined}));
	}
}
