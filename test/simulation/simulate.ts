import {seededRandom} from '../../source/orchestrator/simulated/random.ts';
import {planSteps, type Step} from './operations.ts';
import {type Outcome, Simulation, type SimulationOptions} from './simulation.ts';

/** The whole run that a seed stands for. */
export function simulateSeed(seed: number, print?: (line: string) => void): Outcome {
	return simulate({seed, steps: stepsOf(seed), ...(print === undefined ? {} : {print})});
}

export function stepsOf(seed: number): Step[] {
	return planSteps(seededRandom(seed));
}

export function simulate(options: SimulationOptions): Outcome {
	return new Simulation(options).run();
}

/** Leaves out one step after the other, as long as something is still broken. */
export function shrink(seed: number, steps: readonly Step[]): readonly Step[] {
	let kept = steps;
	for (let index = kept.length - 1; index >= 0; index--) {
		const fewer = kept.filter((_, at) => at !== index);
		if (simulate({seed, steps: fewer}).problems.length > 0) {
			kept = fewer;
		}
	}

	return kept;
}
