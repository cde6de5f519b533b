import {stripVTControlCharacters} from 'node:util';
import {expect, test} from 'vitest';
import {crumbAt, headerLine} from '../../source/views/widgets/header.ts';
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

// The name had been given all the room: whether what was shown still lived was not to be seen.
test('a long name leaves the connection to be seen', async () => {
	const long = 'web-frontend-application-for-the-customers-of-all-the-countries';
	const {ui, press} = await openUi(readCluster(`service ${long} replicas 2`).services, {size: {columns: 80, rows: 24}});
	press('d');
	const line = stripVTControlCharacters(headerLine(ui));
	expect(line).toBe(' muster  local ● live    web-frontend-application-for-t…-the-countries describe ');
	expect(crumbAt(ui, 70)).toBe(1);
});
