import {expect, test} from 'vitest';
import {machineCapacity} from '../../../source/daemon/admission/machine-capacity.ts';

const mebibytes = 2 ** 20;
const given = (limits: Readonly<Record<string, string>>) => machineCapacity(file => limits[file]);

test('a machine holds an instance for each four megabytes', () => {
	const {memoryBytes, instances} = given({});
	expect(instances).toBe(Math.floor(memoryBytes / (4 * mebibytes)));
});

test('and for each fourth process that the system allows, whoever sets the limit', () => {
	const limits = {
		'/proc/sys/kernel/pid_max': '4000\n',
		'/proc/sys/kernel/threads-max': '3000\n',
		'/sys/fs/cgroup/pids.max': '100\n',
	};
	expect(given(limits).instances).toBe(25);
	expect(given({...limits, '/sys/fs/cgroup/pids.max': 'max\n'}).instances).toBe(750);
});
