import {expect, test} from 'vitest';
import {autoscaleService, policyFrom} from '../../../source/actions/service/autoscale-service.ts';
import {toClusterError} from '../../../source/core/error.ts';
import {serviceSpec} from '../../../source/core/spec/service-spec.ts';
import {readInput} from '../plan-text.ts';

/** The targets of a policy, `requests 50` before, after these fields were given; or why it is none. */
function check(name: string, words: readonly string[], expected: string) {
	test(name, () => {
		const before = {min: 0, max: 8, targets: [{metric: 'requests', value: 50}]} as const;
		const template = {image: 'nodejs'};
		const spec = serviceSpec({
			template,
			ports: [{published: 8080, target: 80, protocol: 'tcp'}],
			autoscale: before as never,
		});
		try {
			const {targets} = policyFrom(readInput(autoscaleService as never, words), spec);
			expect(targets.map(({metric, value}) => `${metric} ${value}`).join(', ')).toBe(expected);
		} catch (error) {
			expect(toClusterError(error).message).toBe(expected);
		}
	});
}

check('another target is one more', ['cpu=70%'], 'requests 50, cpu 0.7');
check('the same one has another value', ['requests=20'], 'requests 20');
check('0 takes one away', ['cpu=70%', 'requests=0'], 'cpu 0.7');
check('figures of your own, too', ['metric=queue=20', 'requests=0'], 'metric:queue 20');
check('one has to stay', ['requests=0'], 'one of --cpu, --memory, --requests, --connections and --metric is missing');
