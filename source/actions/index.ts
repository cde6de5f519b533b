import type {Action} from './action.ts';
import {addImage} from './add-image.ts';
import {addNode} from './add-node.ts';
import {autoscaleService} from './autoscale-service.ts';
import {cordonNode} from './cordon-node.ts';
import {createConfig, createSecret} from './create-file.ts';
import {createService} from './create-service.ts';
import {createNetwork, createVolume} from './create-stored.ts';
import {drainNode} from './drain-node.ts';
import {editConfig, editSecret, rotateConfig, rotateSecret} from './edit-file.ts';
import {evictInstance, removeInstance} from './evict-instance.ts';
import {failNode} from './fail-node.ts';
import {killInstance} from './kill-instance.ts';
import {labelNode} from './label-node.ts';
import {leaveNode} from './leave-node.ts';
import {patchActions} from './patch-spec.ts';
import {createPool, removePool, updatePool} from './pool.ts';
import {demoteNode, promoteNode} from './promote-node.ts';
import {rebalance} from './rebalance.ts';
import {removeImage} from './remove-image.ts';
import {removeNode} from './remove-node.ts';
import {removeService} from './remove-service.ts';
import {removeStack} from './remove-stack.ts';
import {removeConfig, removeNetwork, removeSecret, removeVolume} from './remove-stored.ts';
import {labelResource, removeResource} from './resource.ts';
import {restartService} from './restart-service.ts';
import {rollbackService} from './rollback-service.ts';
import {abortRollout, pauseRollout, promoteRollout, resumeRollout} from './rollout.ts';
import {scaleService} from './scale-service.ts';
import {initSwarm, joinToken, leaveSwarm, swarmCa, unlockKey, unlockSwarm, updateSwarm} from './swarm.ts';
import {taintNode} from './taint-node.ts';
import {triggerService} from './trigger-service.ts';
import {uncordonNode} from './uncordon-node.ts';
import {updateService} from './update-service.ts';

/** Everything that changes something. Commands and keys find an action here by its id. */
export const actions: ReadonlyMap<string, Action> = new Map(
	[
		createService,
		scaleService,
		updateService,
		restartService,
		autoscaleService,
		rebalance,
		rollbackService,
		pauseRollout,
		resumeRollout,
		promoteRollout,
		abortRollout,
		triggerService,
		removeService,
		removeStack,
		drainNode,
		cordonNode,
		uncordonNode,
		addNode,
		removeNode,
		labelNode,
		promoteNode,
		demoteNode,
		failNode,
		leaveNode,
		initSwarm,
		updateSwarm,
		leaveSwarm,
		joinToken,
		unlockKey,
		unlockSwarm,
		swarmCa,
		killInstance,
		evictInstance,
		removeInstance,
		taintNode,
		labelResource,
		removeResource,
		createPool,
		updatePool,
		removePool,
		addImage,
		removeImage,
		createNetwork,
		removeNetwork,
		createVolume,
		removeVolume,
		createConfig,
		editConfig,
		rotateConfig,
		removeConfig,
		createSecret,
		editSecret,
		rotateSecret,
		removeSecret,
		...Object.values(patchActions),
	].map((action): [string, Action] => [action.id, action]),
);
