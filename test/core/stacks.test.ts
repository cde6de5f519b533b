import {expect, test} from 'vitest';
import {stacksIn} from '../../source/core/stacks.ts';
import {aService} from '../helpers/objects.ts';

function service(name: string, stack: string | undefined, running: number) {
	const one = aService(name);
	const labels: Record<string, string> = stack === undefined ? {} : {'com.docker.stack.namespace': stack};
	return {...one, spec: {...one.spec, labels}, status: {...one.status, desired: 2, running, healthy: running}};
}

test('services are put together by the label of docker stack, and summed', () => {
	const all = [
		service('shop_web', 'shop', 2),
		service('own', undefined, 1),
		service('blog_db', 'blog', 0),
		service('shop_db', 'shop', 1),
	];
	const text = stacksIn(all).map(
		({name, services, desired, running, healthy}) =>
			`${name}: ${services.map(one => one.name).join(' ')} ${running}/${desired} ${healthy}`,
	);
	expect(text).toEqual(['blog: blog_db 0/2 0', 'shop: shop_web shop_db 3/4 3']);
});
