import type {ServiceVersion} from '../../../core/model/index.ts';
import type {RawService, RawServiceSpec, RawTask} from '../api-types.ts';
import type {Source} from '../reading/source.ts';
import {templateVersion} from './template-version.ts';
import {toInstant, toServiceSpec} from './translate-service.ts';
import {isWanted} from './translate-task.ts';

/**
 * Swarm keeps the spec before the last change, which may have been of something else. But each task that it remembers knows what
 * it was made from: those are versions, too.
 */
export function versionsOf(
	service: RawService,
	{raw, names}: Pick<Source, 'raw' | 'names'>,
): readonly ServiceVersion[] {
	const tasks = raw.tasks.filter(({ServiceID}) => ServiceID === service.ID);
	const byVersion = Map.groupBy(tasks, ({Spec}) => templateVersion(Spec));
	const current = templateVersion(service.Spec.TaskTemplate);
	const specs = new Map<number, RawServiceSpec>([[current, service.Spec]]);
	const add = (spec: RawServiceSpec) => {
		const version = templateVersion(spec.TaskTemplate);
		if (!specs.has(version)) specs.set(version, spec);
	};
	if (service.PreviousSpec !== undefined) add(service.PreviousSpec);
	for (const [task] of byVersion.values()) if (task !== undefined) add(fromTask(service, task));
	const all = [...specs].map(([version, spec]): ServiceVersion => {
		const own = byVersion.get(version) ?? [];
		const {template, ports, forceUpdate} = toServiceSpec(spec, names);
		const createdAt = Math.min(...own.map(({CreatedAt}) => toInstant(CreatedAt)));
		return {
			version,
			...(Number.isFinite(createdAt) && {createdAt}),
			isCurrent: version === current,
			instances: own.filter(isWanted).length,
			spec: {template, ports, forceUpdate},
		};
	});
	const age = ({isCurrent, createdAt = 0}: ServiceVersion) => (isCurrent ? Number.POSITIVE_INFINITY : createdAt);
	return all.toSorted((a, b) => age(b) - age(a));
}

/** Ports and placement are not of a task: they are as they are now. */
function fromTask({Spec}: RawService, task: RawTask): RawServiceSpec {
	return {...Spec, TaskTemplate: {...task.Spec, Placement: Spec.TaskTemplate.Placement ?? {}}};
}
