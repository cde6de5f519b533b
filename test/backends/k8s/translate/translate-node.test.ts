import {expect, test} from 'vitest';
import {keepNode} from '../../../../source/backends/k8s/translate/translate-node.ts';
import type {WireNode} from '../../../../source/backends/k8s/wire/wire.ts';

/** What is said of a node with these conditions: `state · message · ailing`. */
function said(...conditions: NonNullable<NonNullable<WireNode['status']>['conditions']>): string {
	const metadata = {name: 'n1', uid: 'n1', resourceVersion: '1'};
	const {state, message = '–', ailing = '–'} = keepNode({metadata, status: {conditions}} as WireNode).base.status;
	return `${state} · ${message} · ${ailing}`;
}

const ready = {type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status'};
const noPressure = {type: 'MemoryPressure', status: 'False', message: 'kubelet has sufficient memory'};
const disk = {
	type: 'DiskPressure',
	status: 'True',
	reason: 'KubeletHasDiskPressure',
	message: 'kubelet has disk pressure',
};

test('a node that is ready may be ailing', () => {
	expect(said(ready, noPressure)).toBe('ready · – · –');
	expect(said(ready, disk)).toBe(
		'ready · DiskPressure: kubelet has disk pressure · DiskPressure: kubelet has disk pressure',
	);
	// Of whoever else looks after nodes.
	expect(said(ready, {type: 'KernelDeadlock', status: 'True', reason: 'DockerHung'})).toBe(
		'ready · KernelDeadlock: DockerHung · KernelDeadlock: DockerHung',
	);
});

test('one that is down says why', () => {
	const silent = {type: 'Ready', status: 'Unknown', message: 'Kubelet stopped posting node status.'};
	expect(said(silent, disk)).toBe(
		'down · Kubelet stopped posting node status. · DiskPressure: kubelet has disk pressure · –',
	);
	expect(said()).toBe('unknown · – · –');
});
