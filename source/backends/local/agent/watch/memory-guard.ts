import {eachMember, proportionalBytes} from '../../system/proc.ts';

/** Memory that each of these instances has now, by id: the sum over all processes that carry its id. */
export async function sampleMemory(root: string, instanceIds: ReadonlySet<string>): Promise<Map<string, number>> {
	const sums = new Map<string, number>();
	await eachMember({root, instanceIds}, ({pid, instanceId}) => {
		sums.set(instanceId, (sums.get(instanceId) ?? 0) + (proportionalBytes(pid) ?? 0));
	});
	return sums;
}
