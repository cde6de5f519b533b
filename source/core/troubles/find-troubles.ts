import {aloneInstances} from './alone-troubles.ts';
import {brokenParts} from './control-troubles.ts';
import {crashLoop, failure} from './crash-troubles.ts';
import {stuckDrains} from './drain-troubles.ts';
import {gatherFacts, type ServiceFacts} from './facts.ts';
import {isDown, nearMemoryLimit, slowStart, unhealthy} from './health-troubles.ts';
import {ailingNodes, fullCluster, lostNodes, nodePressure} from './node-troubles.ts';
import {pending} from './pending-troubles.ts';
import {refusedByEngine} from './refused-troubles.ts';
import {rejections} from './rejected-troubles.ts';
import {failsOften} from './restart-troubles.ts';
import {stuckRollout, versionSkew} from './rollout-troubles.ts';
import {compareTroubles, type Trouble, type TroubleWorld} from './trouble.ts';

/**
 * What is wrong with a cluster, the worst first; one finding for each cause. Linear in services, instances, nodes and events.
 * It is not kept up to date by itself: whoever shows it asks again, once a second is enough.
 */
export function findTroubles(world: TroubleWorld): Trouble[] {
	const {now} = world;
	const kept = [...gatherFacts(world).values()].filter(({service}) => !service.removing);
	const updating = kept.map(facts => ({facts, stuck: stuckRollout(facts, now)}));
	const stuck = updating.flatMap(one => one.stuck ?? []);
	const others = updating.filter(one => one.stuck === undefined).map(one => one.facts);
	const found = [...stuck, ...rejections(others), ...pending(others, world), ...others.flatMap(ofService)];
	const quiet = others.filter(({faults}) => faults.size === 0);
	return [
		...found,
		...quiet.flatMap(
			facts => refusedByEngine(facts) ?? isDown(facts, now) ?? failsOften(facts.service, facts.failures) ?? [],
		),
		...aloneInstances(world),
		...lostNodes(world),
		...ailingNodes(world),
		...nodePressure(world),
		...fullCluster(world),
		...stuckDrains(world),
		...brokenParts(world),
	].sort(compareTroubles);
}

function ofService(facts: ServiceFacts): Trouble[] {
	return [crashLoop, failure, unhealthy, slowStart, nearMemoryLimit, versionSkew].flatMap(rule => rule(facts) ?? []);
}
