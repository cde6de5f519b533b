import {expect, test} from 'vitest';
import type {Instance, Service} from '../../../source/core/model/index.ts';
import {instanceSections} from '../../../source/views/describe/instance.ts';
import type {RowContext} from '../../../source/views/widgets/columns.ts';
import {readCluster} from '../../helpers/cluster-text.ts';

/** A service's words and what its instance has for a slot in the model → what its description says. */
function check(words: string, slot: number, expected: string | undefined): void {
	test(`${words}, slot ${slot}: ${expected ?? 'nothing'}`, () => {
		const place = words.startsWith('global') ? 'n1' : '1';
		const {services, instances} = readCluster(`node n1 · service web ${words} · instance web.${place} on n1 running`);
		const [instance] = instances;
		const world = {
			service: () => services[0] as Service,
			trends: {usage: {ofInstance: () => []}},
			now: 0,
		};
		const context = {world, ages: {of: () => '1m'}} as unknown as RowContext;
		const [about] = instanceSections({...(instance as Instance), slot}, context);
		const row = about && 'rows' in about ? about.rows?.find(([label]) => label === 'slot') : undefined;
		expect(row?.[1]).toBe(expected);
	});
}

check('replicas 2', 1, '1');
// A Deployment's pod.
check('replicas 2', 0, undefined);
check('global', 0, 'its node');
check('global-job', 0, 'its node');
