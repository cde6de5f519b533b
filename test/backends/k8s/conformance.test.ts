import {describe, test} from 'vitest';
import {describeBackend} from '../conformance.ts';
import {isLive, liveTimeoutMs, openLive, shell, untilLive, whySkipped} from './live.ts';

const inPlace = 'a pod that fails is started again in its place';
const noSlots = 'pods of a Deployment have no slots';

if (isLive) {
	describeBackend('Kubernetes', {
		templates: {
			lasting: {image: 'nginx:1', stopGraceMs: 1000},
			ending: shell('exit 0'),
			failing: shell('exit 3'),
		},
		timeoutMs: liveTimeoutMs,
		slotless: true,
		exceptions: {
			'volumes and networks can be made and removed': 'a Service is made together with what it leads to',
			'a drain brings up what comes before it stops what goes':
				'an eviction ends a pod, and its controller makes another',
			'a health check of one kind is patched into one of another': 'a probe over a port needs to be told one',
			'what fails is replaced in its slot by another instance': inPlace,
			'scaled down it stops the highest slots and no other': noSlots,
			'history shows what has ended, plain lists do not': 'a pod that was scaled away is gone',
		},
		async open() {
			const backend = await openLive();
			return {backend, until: untilLive, end: async () => backend.close()};
		},
	});
} else {
	describe('Kubernetes', () => {
		test.skip(`keeps the laws of a backend: ${whySkipped}`, () => {});
	});
}
