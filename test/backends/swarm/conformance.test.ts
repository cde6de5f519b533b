import {describeBackend} from '../conformance.ts';
import {openLive, whyNoSwarm} from './live-swarm.ts';

/** Real engines on a machine that others use too; a task that is restarted waits 5 s. */
const timeoutMs = 90_000;

describeBackend(
	'Docker Swarm',
	{
		templates: {
			lasting: {image: 'idle:1'},
			ending: {image: 'busybox:1', command: ['true']},
			failing: {image: 'busybox:1', command: ['sh', '-c', 'exit 3']},
		},
		timeoutMs,
		open: async () => openLive(timeoutMs),
		exceptions: {
			'scaled down it stops the highest slots and no other':
				'Swarm takes from the nodes that hold the most, whatever the slots',
			'history shows what has ended, plain lists do not': 'Swarm forgets the tasks of slots that are scaled away',
			'a drain brings up what comes before it stops what goes':
				"Swarm's own drain stops first; `muster node drain --start-first` does not",
		},
	},
	whyNoSwarm(),
);
