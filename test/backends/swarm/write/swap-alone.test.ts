import {expect, test} from 'vitest';
import type {RawServiceSpec} from '../../../../source/backends/swarm/api-types.ts';
import {namesIn} from '../../../../source/backends/swarm/translate/names.ts';
import {toServiceSpec} from '../../../../source/backends/swarm/translate/translate-service.ts';
import {writeService} from '../../../../source/backends/swarm/write/write-service.ts';
import {serviceSpec} from '../../../../source/core/spec/service-spec.ts';

test('swap of a service without a limit of memory says nothing, and stays', () => {
	const names = namesIn({networks: [], configs: [], secrets: []});
	const raw: RawServiceSpec = {
		Name: 'web',
		Mode: {Replicated: {Replicas: 1}},
		TaskTemplate: {ContainerSpec: {Image: 'nginx:1'}, Resources: {SwapBytes: 5}},
	};
	const before = toServiceSpec(raw, names);
	expect(before.template.container?.swapBytes).toBeUndefined();
	const written = writeService(raw, before, serviceSpec({template: {env: {A: 'b'}}}, before), {names, api: 'v1.52'});
	expect(written.TaskTemplate?.Resources?.SwapBytes).toBe(5);
});
