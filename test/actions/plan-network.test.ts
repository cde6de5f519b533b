import {describe} from 'vitest';
import {check} from './plan-text.ts';

describe('network create', () => {
	const create = (name: string, words: string[], expected: string[]) =>
		check(name, '', ['network.create', '', 'name=back', ...words], expected);

	create(
		'takes what docker takes of an overlay',
		[
			'driver=overlay',
			'attachable',
			'opt=encrypted',
			'subnet=10.9.0.0/24',
			'gateway=10.9.0.1',
			'ipRange=10.9.0.128/25',
		],
		[
			'apply back create {"driver":"overlay","attachable":true,"options":{"encrypted":""},"subnets":[{"subnet":"10.9.0.0/24","gateway":"10.9.0.1","range":"10.9.0.128/25"}]}',
			'undo: remove back',
			'$ muster network create --driver=overlay --attachable --opt=encrypted= --subnet=10.9.0.0/24 --gateway=10.9.0.1 --ip-range=10.9.0.128/25 back',
		],
	);
	create(
		'gives gateways to subnets in their order',
		['subnet=10.9.0.0/24', 'subnet=fd00::/64', 'gateway=10.9.0.1'],
		[
			'apply back create {"subnets":[{"subnet":"10.9.0.0/24","gateway":"10.9.0.1"},{"subnet":"fd00::/64"}]}',
			'undo: remove back',
			'$ muster network create --subnet=10.9.0.0/24 --subnet=fd00::/64 --gateway=10.9.0.1 back',
		],
	);
	create(
		'refuses a gateway of no subnet',
		['gateway=10.9.0.1'],
		['usage: --gateway 10.9.0.1 has no --subnet that it belongs to'],
	);
});
