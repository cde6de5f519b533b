import {expect, test} from 'vitest';
import {servicesScreen} from '../../../source/views/services/screen.ts';

function check(name: string, kinds: readonly ('service' | 'image')[], expected: string): void {
	test(`an empty list says how to create a service: ${name}`, () => {
		const {empty} = servicesScreen;
		const said = typeof empty === 'string' ? empty : empty({name, kinds});
		expect(said).toBe(`No service yet. Press n to create one; in a shell:  muster service create ${expected}`);
	});
}

check('local', ['service', 'image'], '--replicas=3 nodejs');
check('swarm:prod', ['service'], '-c swarm:prod --replicas=3 nginx');
