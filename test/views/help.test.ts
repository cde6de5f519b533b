import {expect, test} from 'vitest';
import type {Facets} from '../../source/core/backend.ts';
import {openDashboard} from '../helpers/dashboard.ts';
import {aNode, aService} from '../helpers/objects.ts';

/** The keys of which the help says that they are refused, where all that changes something is. */
async function keysRefused(screen: string): Promise<string> {
	const exec = async () => expect.unreachable();
	const permissions: Facets['permissions'] = {refusal: () => 'Not for you.', subscribe: () => () => {}};
	const dashboard = await openDashboard([aService('web'), aNode('n1')], {
		size: {columns: 200, rows: 100},
		facets: {permissions, exec, attach: exec, connect: exec},
	});
	dashboard.type(`:${screen}\r`);
	await dashboard.until(new RegExp(`${screen}\\s*\\n`));
	dashboard.press('?');
	await dashboard.until('every list');
	return dashboard.screen.lines
		.filter(line => line.includes('(Not for you.)'))
		.map(line => line.trim().split(/\s/)[0])
		.join(' ');
}

test('the help of services tells of every key that is refused why', async () => {
	expect(await keysRefused('services')).toBe('+/- S u R A P s a ctrl-d n e');
});

test('and that of nodes', async () => {
	expect(await keysRefused('nodes')).toBe('D C P L ctrl-d n e');
});
