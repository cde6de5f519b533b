import {expect, test} from 'vitest';
import {localOnly, routeRoles} from '../../../source/daemon/access/route-roles.ts';
import {type ApiParts, createRoutes} from '../../../source/daemon/api/routes.ts';

test('every route of the API has a role, or is for this machine only', () => {
	// Only its names are looked at.
	const {answers, texts = {}, lines, upgrades} = createRoutes({} as ApiParts);
	const routes = [
		...Object.keys(answers),
		...Object.keys(texts),
		...Object.keys(lines),
		...Object.keys(upgrades).map(withoutProtocol),
	];
	expect(routes.toSorted()).toEqual([...Object.keys(routeRoles), ...localOnly].toSorted());
});

function withoutProtocol(upgrade: string): string {
	return upgrade.split(' ').slice(0, 2).join(' ');
}
