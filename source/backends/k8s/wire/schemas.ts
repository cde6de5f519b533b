import type {Schema} from './protobuf.ts';

// The numbers of the members that are kept of an object in a list; all of them are of Kubernetes' stable API.

const metadata: Schema = {
	1: {name: 'name', type: 'own'},
	3: {name: 'namespace', type: 'string'},
	5: {name: 'uid', type: 'own'},
	6: {name: 'resourceVersion', type: 'own'},
	8: {name: 'creationTimestamp', type: 'time'},
	9: {name: 'deletionTimestamp', type: 'time'},
	11: {name: 'labels', type: 'labels'},
	13: {
		name: 'ownerReferences',
		many: true,
		type: {
			1: {name: 'kind', type: 'string'},
			3: {name: 'name', type: 'string'},
			4: {name: 'uid', type: 'string'},
			6: {name: 'controller', type: 'bool'},
		},
	},
	14: {name: 'finalizers', many: true, type: 'string'},
};

const container: Schema = {
	1: {name: 'name', type: 'string'},
	2: {name: 'image', type: 'string'},
	6: {
		name: 'ports',
		many: true,
		type: {3: {name: 'containerPort', type: 'int'}},
	},
	8: {
		name: 'resources',
		type: {1: {name: 'limits', type: 'quantities'}, 2: {name: 'requests', type: 'quantities'}},
	},
	11: {name: 'readinessProbe', type: {}},
	24: {name: 'restartPolicy', type: 'string'},
};

const ended: Schema = {
	1: {name: 'exitCode', type: 'int'},
	2: {name: 'signal', type: 'int'},
	3: {name: 'reason', type: 'string'},
	4: {name: 'message', type: 'string'},
	5: {name: 'startedAt', type: 'time'},
	6: {name: 'finishedAt', type: 'time'},
};

const containerState: Schema = {
	1: {name: 'waiting', type: {1: {name: 'reason', type: 'string'}, 2: {name: 'message', type: 'string'}}},
	2: {name: 'running', type: {1: {name: 'startedAt', type: 'time'}}},
	3: {name: 'terminated', type: ended},
};

const containerStatus: Schema = {
	1: {name: 'name', type: 'string'},
	2: {name: 'state', type: containerState},
	3: {name: 'lastState', type: containerState},
	4: {name: 'ready', type: 'bool'},
	5: {name: 'restartCount', type: 'int'},
};

export const podSchema: Schema = {
	1: {name: 'metadata', type: metadata},
	2: {
		name: 'spec',
		type: {
			2: {name: 'containers', type: container, many: true},
			10: {name: 'nodeName', type: 'string'},
			20: {name: 'initContainers', type: container, many: true},
		},
	},
	3: {
		name: 'status',
		type: {
			1: {name: 'phase', type: 'string'},
			2: {
				name: 'conditions',
				many: true,
				type: {
					1: {name: 'type', type: 'string'},
					2: {name: 'status', type: 'string'},
					4: {name: 'lastTransitionTime', type: 'time'},
					5: {name: 'reason', type: 'string'},
					6: {name: 'message', type: 'string'},
				},
			},
			3: {name: 'message', type: 'string'},
			4: {name: 'reason', type: 'string'},
			6: {name: 'podIP', type: 'own'},
			7: {name: 'startTime', type: 'time'},
			8: {name: 'containerStatuses', type: containerStatus, many: true},
			9: {name: 'qosClass', type: 'string'},
			10: {name: 'initContainerStatuses', type: containerStatus, many: true},
		},
	},
};

/** Of one that is part of a Deployment, only who it is and whose is looked at. */
export const replicaSetSchema: Schema = {
	1: {name: 'metadata', type: {...metadata, 12: {name: 'annotations', type: 'labels'}}},
	2: {
		name: 'spec',
		type: {
			1: {name: 'replicas', type: 'int'},
			3: {
				name: 'template',
				type: {
					1: {name: 'metadata', type: {11: {name: 'labels', type: 'labels'}}},
					2: {name: 'spec', type: {2: {name: 'containers', type: container, many: true}}},
				},
			},
		},
	},
	3: {name: 'status', type: {1: {name: 'replicas', type: 'int'}, 4: {name: 'readyReplicas', type: 'int'}}},
};

export const controllerRevisionSchema: Schema = {
	1: {name: 'metadata', type: metadata},
	3: {name: 'revision', type: 'int'},
};

export const eventSchema: Schema = {
	1: {name: 'metadata', type: metadata},
	2: {
		name: 'involvedObject',
		type: {
			1: {name: 'kind', type: 'string'},
			2: {name: 'namespace', type: 'string'},
			3: {name: 'name', type: 'string'},
			4: {name: 'uid', type: 'string'},
		},
	},
	3: {name: 'reason', type: 'string'},
	4: {name: 'message', type: 'string'},
	6: {name: 'firstTimestamp', type: 'time'},
	7: {name: 'lastTimestamp', type: 'time'},
	8: {name: 'count', type: 'int'},
	9: {name: 'type', type: 'string'},
	10: {name: 'eventTime', type: 'time'},
	11: {name: 'series', type: {1: {name: 'count', type: 'int'}, 2: {name: 'lastObservedTime', type: 'time'}}},
};

export const secretSchema: Schema = {
	1: {name: 'metadata', type: {...metadata, 12: {name: 'annotations', type: 'labels'}}},
	2: {name: 'data', type: 'labels'},
	3: {name: 'type', type: 'string'},
};
