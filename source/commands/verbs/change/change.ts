import path from 'node:path';
import {many, text} from '../../../actions/fields/fields.ts';
import {addImage} from '../../../actions/image/add-image.ts';
import {removeImage} from '../../../actions/image/remove-image.ts';
import {evictInstance, removeInstance} from '../../../actions/instance/evict-instance.ts';
import {killInstance} from '../../../actions/instance/kill-instance.ts';
import {addNode} from '../../../actions/node/add-node.ts';
import {cordonNode} from '../../../actions/node/cordon-node.ts';
import {drainNode} from '../../../actions/node/drain-node.ts';
import {failNode} from '../../../actions/node/fail-node.ts';
import {labelNode} from '../../../actions/node/label-node.ts';
import {leaveNode} from '../../../actions/node/leave-node.ts';
import {createPool, removePool, updatePool} from '../../../actions/node/pool.ts';
import {demoteNode, promoteNode} from '../../../actions/node/promote-node.ts';
import {removeNode} from '../../../actions/node/remove-node.ts';
import {taintNode} from '../../../actions/node/taint-node.ts';
import {uncordonNode} from '../../../actions/node/uncordon-node.ts';
import {patchActions} from '../../../actions/patch-spec.ts';
import {createService} from '../../../actions/service/create-service.ts';
import {removeService} from '../../../actions/service/remove-service.ts';
import {restartService} from '../../../actions/service/restart-service.ts';
import {rollbackService} from '../../../actions/service/rollback-service.ts';
import {abortRollout, pauseRollout, promoteRollout, resumeRollout} from '../../../actions/service/rollout.ts';
import {scaleService} from '../../../actions/service/scale-service.ts';
import {triggerService} from '../../../actions/service/trigger-service.ts';
import {updateService} from '../../../actions/service/update-service.ts';
import {createConfig, createSecret} from '../../../actions/stored/create-file.ts';
import {createNetwork, createVolume} from '../../../actions/stored/create-stored.ts';
import {editConfig, editSecret, rotateConfig, rotateSecret} from '../../../actions/stored/edit-file.ts';
import {removeConfig, removeNetwork, removeSecret, removeVolume} from '../../../actions/stored/remove-stored.ts';
import {resolveEnv} from '../../arguments/env.ts';
import {readContent} from '../../files/content.ts';
import {actionVerb} from './action-verb.ts';

const envFile = {envFile: many(text('Read environment variables from a file, one KEY=VALUE a line', 'FILE'))};

export const createServiceVerb = actionVerb(createService, {
	details: 'What follows IMAGE is the command and its arguments. IMAGE is an image of muster, or an executable.',
	examples: [
		'muster service create --replicas=100 nodejs',
		'muster service create --name web -p 8080:80 --health-http /health nodejs',
		'muster service create --name sleeper /bin/sleep 1000',
	],
	flagsEndAfter: 1,
	fields: envFile,
	prepare: resolveEnv,
});

export const updateServiceVerb = actionVerb(updateService, {
	details: 'Single values replace what was there; --env, --label and --publish add, or replace by key.',
	examples: [
		'muster service update --env MODE=fast --limit-memory 64m web',
		'muster service update --image static --canary 1 web',
	],
	fields: envFile,
	prepare: resolveEnv,
});

export const patchVerbs = {
	service: actionVerb(patchActions.service, {
		details: 'What `service update` has no flag for; the dashboard writes such a patch of what was edited.',
		examples: [`muster service patch --patch='{"labels":{"tier":"front"}}' web`],
	}),
	node: actionVerb(patchActions.node),
	network: actionVerb(patchActions.network),
	volume: actionVerb(patchActions.volume),
	config: actionVerb(patchActions.config),
	pool: actionVerb(patchActions.pool),
};

export const scaleServiceVerb = actionVerb(scaleService, {examples: ['muster scale web=5 api=3']});
export const restartServiceVerb = actionVerb(restartService);
export const rollbackServiceVerb = actionVerb(rollbackService, {
	details: 'Instances that still run that version stay; the others are replaced as the rollback policy says.',
	examples: ['muster service rollback web', 'muster service rollback --to 3 web'],
});
export const triggerServiceVerb = actionVerb(triggerService, {
	details: 'The run that is made is a Job of its own name; the schedule goes on as before.',
});
export const pauseRolloutVerb = actionVerb(pauseRollout);
export const resumeRolloutVerb = actionVerb(resumeRollout);
export const promoteRolloutVerb = actionVerb(promoteRollout);
export const abortRolloutVerb = actionVerb(abortRollout);
export const promoteNodeVerb = actionVerb(promoteNode);
export const demoteNodeVerb = actionVerb(demoteNode);
export const removeServiceVerb = actionVerb(removeService);
export const drainNodeVerb = actionVerb(drainNode, {
	details: 'Each instance is stopped once its replacement is healthy. `muster node uncordon` ends the drain.',
});
export const cordonNodeVerb = actionVerb(cordonNode);
export const uncordonNodeVerb = actionVerb(uncordonNode);
export const addNodeVerb = actionVerb(addNode, {
	details: 'In a swarm, ADDRESS of a Docker engine stands for NAME: it joins, through its own API.',
	examples: [
		'muster node add --cpus 2 --memory 4g --label zone=b',
		'muster node add ssh://root@10.0.0.7',
		'muster node add --role manager tcp://10.0.0.8:2376',
	],
});
export const leaveNodeVerb = actionVerb(leaveNode);
export const removeNodeVerb = actionVerb(removeNode);
export const labelNodeVerb = actionVerb(labelNode, {examples: ['muster node label n1 zone=a old-']});
export const failNodeVerb = actionVerb(failNode, {examples: ['muster node fail n2 --for 10s']});
export const killInstanceVerb = actionVerb(killInstance, {examples: ['muster instance kill --signal TERM web.3']});
export const evictInstanceVerb = actionVerb(evictInstance);
export const removeInstanceVerb = actionVerb(removeInstance);
export const taintNodeVerb = actionVerb(taintNode, {
	examples: ['muster node taint n1 gpu=yes:NoSchedule', 'muster node taint n1 gpu-'],
});
export const removeImageVerb = actionVerb(removeImage);

export const addImageVerb = actionVerb(addImage, {
	async prepare({host}, input) {
		return {...input, path: path.resolve(host.cwd, String(input.path))};
	},
});

export const createPoolVerb = actionVerb(createPool, {
	details:
		'A node is added when an instance waits for room that such a node would have, as few as it takes; one that is idle is drained\nand removed. All local nodes share one machine: a pool makes sense with --cpus, --memory or limits of instances a node.\n`muster pool ls` tells the last decision.',
	examples: [
		'muster pool create --min 1 --max 4 --cpus 2 --memory 2g burst',
		'muster pool create --max 10 --label tier=batch --idle 1m batch',
	],
});
export const updatePoolVerb = actionVerb(updatePool, {
	details: '--label replaces a label, or adds one; nodes that are there keep what they have.',
	examples: ['muster pool update --max 8 burst'],
});
export const removePoolVerb = actionVerb(removePool);

export const createNetworkVerb = actionVerb(createNetwork, {
	details: 'Services on a network find each other by name; those on different ones do not.',
	examples: ['muster network create back', 'muster service create --name db --network back nodejs'],
});
export const removeNetworkVerb = actionVerb(removeNetwork);
export const createVolumeVerb = actionVerb(createVolume, {
	details: 'A service that mounts a volume which is not there makes it, too.',
	examples: ['muster service create --mount source=data,target=data --name db nodejs'],
});
export const removeVolumeVerb = actionVerb(removeVolume);

export const createConfigVerb = actionVerb(createConfig, {
	details: 'The content is that of FILE (- is standard input), or what --literal says.',
	examples: ['muster config create app app.conf', 'muster service create --config app nodejs'],
	prepare: readContent,
});
export const editConfigVerb = actionVerb(editConfig, {
	details: 'New content is a new version. Services that follow it are updated, or get the signal that they asked for.',
	prepare: readContent,
});
export const rotateConfigVerb = actionVerb(rotateConfig, {prepare: readContent});
export const removeConfigVerb = actionVerb(removeConfig);

export const createSecretVerb = actionVerb(createSecret, {
	details: 'As `config create`. It is kept encrypted, and shown to nobody but the instances that are given it.',
	examples: ['pass show db | muster secret create db -', 'muster service create --secret db nodejs'],
	prepare: readContent,
});
export const editSecretVerb = actionVerb(editSecret, {prepare: readContent});
export const rotateSecretVerb = actionVerb(rotateSecret, {
	details: 'Services that follow it are updated one instance at a time, or get the signal that they asked for.',
	examples: ['openssl rand -hex 32 | muster secret rotate session-key -'],
	prepare: readContent,
});
export const removeSecretVerb = actionVerb(removeSecret);
