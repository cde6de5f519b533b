import type {Action} from './action.ts';
import {addImage} from './image/add-image.ts';
import {removeImage} from './image/remove-image.ts';
import {evictInstance, removeInstance} from './instance/evict-instance.ts';
import {killInstance} from './instance/kill-instance.ts';
import {addNode} from './node/add-node.ts';
import {cordonNode} from './node/cordon-node.ts';
import {drainNode} from './node/drain-node.ts';
import {failNode} from './node/fail-node.ts';
import {labelNode} from './node/label-node.ts';
import {leaveNode} from './node/leave-node.ts';
import {createPool, removePool, updatePool} from './node/pool.ts';
import {demoteNode, promoteNode} from './node/promote-node.ts';
import {rebalance} from './node/rebalance.ts';
import {removeNode} from './node/remove-node.ts';
import {taintNode} from './node/taint-node.ts';
import {uncordonNode} from './node/uncordon-node.ts';
import {patchActions} from './patch-spec.ts';
import {labelResource, removeResource} from './resource/resource.ts';
import {autoscaleService} from './service/autoscale-service.ts';
import {createService} from './service/create-service.ts';
import {removeService} from './service/remove-service.ts';
import {restartService} from './service/restart-service.ts';
import {rollbackService} from './service/rollback-service.ts';
import {abortRollout, pauseRollout, promoteRollout, resumeRollout} from './service/rollout.ts';
import {scaleService} from './service/scale-service.ts';
import {triggerService} from './service/trigger-service.ts';
import {updateService} from './service/update-service.ts';
import {createConfig, createSecret} from './stored/create-file.ts';
import {createNetwork, createVolume} from './stored/create-stored.ts';
import {editConfig, editSecret, rotateConfig, rotateSecret} from './stored/edit-file.ts';
import {removeStack} from './stored/remove-stack.ts';
import {removeConfig, removeNetwork, removeSecret, removeVolume} from './stored/remove-stored.ts';
import {initSwarm, joinToken, leaveSwarm, swarmCa, unlockKey, unlockSwarm, updateSwarm} from './swarm/swarm.ts';

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
