// What is read of Kubernetes' own objects, as they come in JSON. Nothing outside this folder knows these types.

import type {WireMount, WireVolume} from './wire-volumes.ts';

/** RFC 3339 in JSON, milliseconds from a protocol buffer. */
export type WireTime = string | number;

export type WireMeta = {
	readonly name: string;
	readonly namespace?: string;
	readonly uid: string;
	readonly resourceVersion: string;
	readonly generation?: number;
	readonly creationTimestamp?: WireTime;
	readonly deletionTimestamp?: WireTime;
	readonly finalizers?: readonly string[];
	readonly labels?: Readonly<Record<string, string>>;
	readonly annotations?: Readonly<Record<string, string>>;
	readonly ownerReferences?: readonly WireOwner[];
};

export type WireOwner = {
	readonly kind: string;
	readonly name: string;
	readonly uid: string;
	readonly controller?: boolean;
};

export type WireObject = {
	readonly apiVersion?: string;
	readonly kind?: string;
	readonly metadata: WireMeta;
};

export type WireList<T> = {
	readonly metadata: {readonly resourceVersion: string; readonly continue?: string};
	readonly items: readonly T[] | null;
};

export type WireCondition = {
	readonly type: string;
	readonly status: string;
	readonly reason?: string;
	readonly message?: string;
	readonly lastTransitionTime?: WireTime;
};

export type WireProbe = {
	readonly exec?: {readonly command?: readonly string[]};
	readonly httpGet?: {readonly path?: string; readonly port: number | string};
	readonly tcpSocket?: {readonly port: number | string};
	readonly grpc?: {readonly port: number};
	readonly initialDelaySeconds?: number;
	readonly periodSeconds?: number;
	readonly timeoutSeconds?: number;
	readonly failureThreshold?: number;
};

export type WireContainer = {
	readonly name: string;
	readonly image?: string;
	readonly command?: readonly string[];
	readonly args?: readonly string[];
	readonly workingDir?: string;
	readonly ports?: ReadonlyArray<{readonly containerPort?: number; readonly name?: string; readonly protocol?: string}>;
	readonly env?: ReadonlyArray<{
		readonly name: string;
		readonly value?: string;
		readonly valueFrom?: {
			readonly configMapKeyRef?: {readonly name?: string};
			readonly secretKeyRef?: {readonly name?: string};
		};
	}>;
	readonly envFrom?: ReadonlyArray<{
		readonly configMapRef?: {readonly name?: string};
		readonly secretRef?: {readonly name?: string};
	}>;
	readonly resources?: {
		readonly limits?: Readonly<Record<string, string | number>>;
		readonly requests?: Readonly<Record<string, string | number>>;
	};
	readonly readinessProbe?: WireProbe;
	readonly livenessProbe?: WireProbe;
	readonly startupProbe?: WireProbe;
	readonly stdin?: boolean;
	readonly tty?: boolean;
	readonly restartPolicy?: string;
	readonly securityContext?: {
		readonly runAsUser?: number;
		readonly runAsGroup?: number;
		readonly readOnlyRootFilesystem?: boolean;
		/** Without `CAP_`. */
		readonly capabilities?: {readonly add?: readonly string[]; readonly drop?: readonly string[]};
	};
	readonly volumeMounts?: readonly WireMount[];
};

export type WirePodSpec = {
	readonly containers?: readonly WireContainer[];
	readonly initContainers?: readonly WireContainer[];
	readonly ephemeralContainers?: readonly WireContainer[];
	readonly serviceAccountName?: string;
	readonly priorityClassName?: string;
	readonly nodeName?: string;
	readonly nodeSelector?: Readonly<Record<string, string>>;
	readonly restartPolicy?: string;
	readonly terminationGracePeriodSeconds?: number;
	readonly volumes?: readonly WireVolume[];
	readonly imagePullSecrets?: ReadonlyArray<{readonly name?: string}>;
	readonly hostname?: string;
	readonly hostAliases?: ReadonlyArray<{readonly ip: string; readonly hostnames?: readonly string[]}>;
	readonly dnsConfig?: {
		readonly nameservers?: readonly string[];
		readonly searches?: readonly string[];
		readonly options?: ReadonlyArray<{readonly name: string; readonly value?: string}>;
	};
	readonly securityContext?: {
		readonly supplementalGroups?: readonly number[];
		readonly sysctls?: ReadonlyArray<{readonly name: string; readonly value: string}>;
	};
	readonly affinity?: {
		readonly podAntiAffinity?: {
			readonly requiredDuringSchedulingIgnoredDuringExecution?: ReadonlyArray<{readonly topologyKey?: string}>;
		};
		readonly nodeAffinity?: {
			readonly requiredDuringSchedulingIgnoredDuringExecution?: {
				readonly nodeSelectorTerms?: ReadonlyArray<{
					readonly matchExpressions?: readonly WireNodeExpression[];
					readonly matchFields?: readonly WireNodeExpression[];
				}>;
			};
		};
	};
	readonly topologySpreadConstraints?: ReadonlyArray<{readonly topologyKey: string; readonly maxSkew?: number}>;
};

export type WireNodeExpression = {
	readonly key: string;
	readonly operator: string;
	readonly values?: readonly string[];
};

export type WireContainerState = {
	readonly waiting?: {readonly reason?: string; readonly message?: string};
	readonly running?: {readonly startedAt?: WireTime};
	readonly terminated?: {
		readonly exitCode?: number;
		readonly signal?: number;
		readonly reason?: string;
		readonly message?: string;
		readonly startedAt?: WireTime;
		readonly finishedAt?: WireTime;
	};
};

export type WireContainerStatus = {
	readonly name: string;
	readonly state?: WireContainerState;
	readonly lastState?: WireContainerState;
	readonly ready?: boolean;
	readonly restartCount?: number;
};

export type WirePod = WireObject & {
	readonly spec?: WirePodSpec;
	readonly status?: {
		readonly phase?: string;
		readonly conditions?: readonly WireCondition[];
		readonly message?: string;
		readonly reason?: string;
		readonly podIP?: string;
		readonly startTime?: WireTime;
		readonly qosClass?: string;
		readonly containerStatuses?: readonly WireContainerStatus[];
		readonly initContainerStatuses?: readonly WireContainerStatus[];
		readonly ephemeralContainerStatuses?: readonly WireContainerStatus[];
	};
};

export type WirePodTemplate = {
	readonly metadata?: Partial<WireMeta>;
	readonly spec?: WirePodSpec;
};

/** Deployment, StatefulSet, DaemonSet, ReplicaSet, Job or CronJob: together, since most is alike. */
/** Of a Deployment; a DaemonSet has the same by another name. */
type WireStrategy = {
	readonly rollingUpdate?: {readonly maxSurge?: number | string; readonly maxUnavailable?: number | string};
};

export type WireWorkload = WireObject & {
	readonly spec?: {
		readonly strategy?: WireStrategy;
		readonly updateStrategy?: WireStrategy;
		readonly minReadySeconds?: number;
		readonly replicas?: number;
		readonly paused?: boolean;
		readonly suspend?: boolean;
		readonly schedule?: string;
		readonly completions?: number;
		readonly parallelism?: number;
		readonly backoffLimit?: number;
		readonly serviceName?: string;
		readonly volumeClaimTemplates?: ReadonlyArray<{readonly metadata?: {readonly name?: string}}>;
		readonly template?: WirePodTemplate;
		readonly jobTemplate?: {
			readonly spec?: {
				readonly template?: WirePodTemplate;
				readonly completions?: number;
				readonly parallelism?: number;
				readonly backoffLimit?: number;
			};
		};
	};
	readonly status?: {
		readonly observedGeneration?: number;
		readonly replicas?: number;
		readonly readyReplicas?: number;
		readonly availableReplicas?: number;
		readonly updatedReplicas?: number;
		readonly unavailableReplicas?: number;
		readonly currentRevision?: string;
		readonly updateRevision?: string;
		readonly desiredNumberScheduled?: number;
		readonly currentNumberScheduled?: number;
		readonly numberReady?: number;
		readonly numberAvailable?: number;
		readonly updatedNumberScheduled?: number;
		readonly active?: number | ReadonlyArray<{readonly name?: string}>;
		readonly ready?: number;
		readonly succeeded?: number;
		readonly failed?: number;
		readonly startTime?: WireTime;
		readonly completionTime?: WireTime;
		readonly lastScheduleTime?: WireTime;
		readonly conditions?: readonly WireCondition[];
	};
};

export type WireNode = WireObject & {
	readonly spec?: {
		readonly unschedulable?: boolean;
		readonly podCIDR?: string;
		readonly taints?: ReadonlyArray<{readonly key: string; readonly value?: string; readonly effect: string}>;
	};
	readonly status?: {
		readonly conditions?: readonly WireCondition[];
		readonly capacity?: Readonly<Record<string, string>>;
		readonly allocatable?: Readonly<Record<string, string>>;
		readonly addresses?: ReadonlyArray<{readonly type: string; readonly address: string}>;
		readonly nodeInfo?: {
			readonly operatingSystem?: string;
			readonly kubeletVersion?: string;
			readonly containerRuntimeVersion?: string;
			readonly osImage?: string;
			readonly kernelVersion?: string;
			readonly architecture?: string;
		};
	};
};

export type WireEvent = WireObject & {
	readonly involvedObject?: {
		readonly kind?: string;
		readonly name?: string;
		readonly namespace?: string;
		readonly uid?: string;
	};
	readonly reason?: string;
	readonly message?: string;
	readonly type?: string;
	readonly count?: number;
	readonly firstTimestamp?: WireTime | null;
	readonly lastTimestamp?: WireTime | null;
	readonly eventTime?: WireTime | null;
	readonly series?: {readonly count?: number; readonly lastObservedTime?: WireTime};
};

export type WireServicePort = {
	readonly name?: string;
	readonly port: number;
	readonly targetPort?: number | string;
	readonly protocol?: string;
	readonly nodePort?: number;
};

export type WireService = WireObject & {
	readonly spec?: {
		readonly type?: string;
		readonly clusterIP?: string;
		readonly selector?: Readonly<Record<string, string>>;
		readonly ports?: readonly WireServicePort[];
	};
	readonly status?: {
		readonly loadBalancer?: {readonly ingress?: ReadonlyArray<{readonly ip?: string; readonly hostname?: string}>};
	};
};

export type WireConfigMap = WireObject & {
	readonly data?: Readonly<Record<string, string>>;
	readonly binaryData?: Readonly<Record<string, string>>;
};

export type WireSecret = WireObject & {
	readonly type?: string;
	readonly data?: Readonly<Record<string, string>>;
};

export type WireClaim = WireObject & {
	readonly spec?: {
		readonly storageClassName?: string;
		readonly volumeName?: string;
		readonly resources?: {readonly requests?: Readonly<Record<string, string>>};
	};
	readonly status?: {readonly phase?: string; readonly capacity?: Readonly<Record<string, string>>};
};

export type WireMetricTarget = {
	readonly averageUtilization?: number;
	readonly averageValue?: string;
};

export type WireMetricStatus = {
	readonly type: string;
	readonly resource?: {readonly name: string; readonly current: WireMetricTarget};
};

export type WireAutoscaler = WireObject & {
	readonly spec: {
		readonly scaleTargetRef: {readonly kind: string; readonly name: string};
		readonly minReplicas?: number;
		readonly maxReplicas: number;
		readonly metrics?: ReadonlyArray<{
			readonly type: string;
			readonly resource?: {readonly name: string; readonly target: WireMetricTarget};
		}>;
		readonly behavior?: {
			readonly [P in 'scaleUp' | 'scaleDown']?: {readonly stabilizationWindowSeconds?: number};
		};
	};
	readonly status?: {
		readonly currentReplicas?: number;
		readonly desiredReplicas?: number;
		readonly lastScaleTime?: WireTime;
		readonly currentMetrics?: readonly WireMetricStatus[] | null;
		readonly conditions?: readonly WireCondition[];
	};
};

export type WireIngress = WireObject & {
	readonly spec?: {
		readonly rules?: ReadonlyArray<{
			readonly host?: string;
			readonly http?: {
				readonly paths?: ReadonlyArray<{
					readonly path?: string;
					readonly backend: {
						readonly service?: {readonly name: string; readonly port?: {readonly number?: number}};
					};
				}>;
			};
		}>;
		readonly tls?: ReadonlyArray<{readonly secretName?: string}>;
	};
};

export type WireStatus = {
	readonly kind?: string;
	readonly message?: string;
	readonly reason?: string;
	readonly code?: number;
	readonly details?: {
		readonly name?: string;
		readonly kind?: string;
		readonly retryAfterSeconds?: number;
		readonly causes?: ReadonlyArray<{readonly reason?: string; readonly message?: string; readonly field?: string}>;
	};
};

export function instantOf(time: WireTime | null | undefined): number | undefined {
	if (time === undefined || time === null) return undefined;
	const at = typeof time === 'number' ? time : Date.parse(time);
	return Number.isNaN(at) ? undefined : at;
}
