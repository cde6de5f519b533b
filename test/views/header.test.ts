import {expect, test} from 'vitest';
import {headerLine} from '../../source/views/widgets/header.ts';
import {readCluster} from '../helpers/cluster-text.ts';
import {openUi} from '../helpers/ui.ts';

test('the instances of jobs, which end, are neither wanted nor healthy', async () => {
	const {services, nodes} = readCluster('node n1 · service web replicas 2 · service sums job 3');
	const seen = {web: {desired: 2, running: 2, healthy: 2}, sums: {desired: 3, running: 1, healthy: 1}};
	const as = (name: string) => seen[name as keyof typeof seen];
	const {ui} = await openUi([
		...nodes,
		...services.map(service => ({...service, status: {...service.status, ...as(service.name)}})),
	]);
	expect(headerLine(ui)).toContain(' 2/2 healthy ');
});
