import {expect, test} from 'vitest';
import {unseenEnd} from '../../../source/core/restart.ts';
import {brokenParts} from '../../../source/core/troubles/control-troubles.ts';
import {findTroubles} from '../../../source/core/troubles/find-troubles.ts';
import type {TroubleWorld} from '../../../source/core/troubles/trouble.ts';
import {readCluster} from '../../helpers/cluster-text.ts';
import {anEvent} from '../../helpers/objects.ts';
import {check} from './check.ts';

check('nothing is wrong', 'node n1 · service web replicas 1 desired 1 · instance web.1 on n1 running healthy', '');

check(
	'a crash loop: those that ended, and those that are at it again',
	`
	at 10m · node n1
	service web replicas 3 desired 3
	instance web.1 on n1 running healthy at 1m
	instance web.2 on n1 failed at 595s started 594s quick 3 restarts 7 because "exit code 1"
	instance web.3 on n1 running at 599s quick 2 restarts 5
	`,
	`
	serious (2) web crashes again and again
	  2 of 3 instances, soon after the start: exit code 1; 12 restarts so far
	  > The logs of web.2 tell more. → logs web
	`,
);
check(
	'all of a service in a crash loop',
	`
	at 10m · node n1 · service web replicas 1 desired 1
	instance web.1 on n1 failed at 595s started 594s quick 3 restarts 7 because "exit code 1"
	`,
	`
	critical (1) web crashes again and again
	  1 of 1 instance, soon after the start: exit code 1; 7 restarts so far
	  > The logs of web.1 tell more. Until it is mended: scale it to 0. [service.scale web {"replicas":0}] → logs web
	`,
);
check(
	'a run that lasts is out of the loop',
	'at 10m · node n1 · service web replicas 1 desired 1 · instance web.1 on n1 running at 580s quick 4 restarts 9',
	'',
);
check(
	'one quick failure can happen',
	'at 10m · node n1 · service web replicas 1 desired 1 · instance web.1 on n1 running at 599s quick 1 restarts 1',
	'',
);
check(
	'a crash loop in which the same instance is started again',
	`
	at 10m · node n1 · service web replicas 1 desired 1
	instance web.1 on n1 starting unhealthy quick 7 restarts 7 at 599s because "CrashLoopBackOff: exit code 3"
	`,
	`
	critical (1) web crashes again and again
	  1 of 1 instance, soon after the start: CrashLoopBackOff: exit code 3; 7 restarts so far
	  > The logs of web.1 tell more. Until it is mended: scale it to 0. [service.scale web {"replicas":0}] → logs web
	`,
);
check(
	'one that ended after a long run, and is about to be started again',
	`
	at 10m · node n1 · service web replicas 2 desired 2 · instance web.2 on n1 running
	instance web.1 on n1 starting unhealthy restarts 1 at 599s because "exit code 3, to be started again"
	`,
	'',
);
check(
	'too little memory',
	`
	at 10m · node n1 · service web replicas 2 desired 2 limit memory 64MiB
	instance web.1 on n1 running healthy at 1m
	instance web.2 on n1 failed at 595s started 594s quick 1 because "out of memory (limit 64 MiB, used 80 MiB)"
	`,
	`
	serious (1) web crashes again and again
	  1 of 2 instances, soon after the start: out of memory (limit 64 MiB, used 80 MiB)
	  > Give it more memory: a limit of 128 MiB. [service.update web {"limitMemory":134217728}] → logs web
	`,
);
check(
	'given up',
	`
	at 10m · node n1 · service web replicas 1 desired 1 max-attempts 3
	instance web.1 on n1 failed at 400s started 300s attempts 3 exit 2 because "exit code 2"
	`,
	`
	critical (1) web was given up
	  1 of 1 instance: exit code 2; not restarted: 3 of 3 attempts are used up
	  > The logs of web.1 tell more. When it is mended: start it again. [service.restart web] → logs web.1
	`,
);
check(
	'a failed job is not down',
	`
	at 10m · node n1 · service sums job 2 desired 2 max-attempts 1
	instance sums.1 on n1 completed at 300s
	instance sums.2 on n1 failed at 400s started 300s attempts 1 because "exit code 2"
	`,
	`
	serious (1) Job sums has failed
	  1 of 2 instances: exit code 2; not restarted: 1 of 1 attempts are used up
	  > The logs of sums.2 tell more. When it is mended: run it again. [service.restart sums] → logs sums.2
	`,
);
check(
	'a job of an engine that tries again by itself, has not given it up yet',
	`
	at 10m · node n1 · service sums job 1 desired 1 kind job restart none
	instance sums.1 on n1 failed at 400s started 300s because "exit code 3"
	`,
	`
	serious (1) Job sums fails, and is tried again
	  1 instance so far: exit code 3
	  > The logs of sums.1 tell more. It cannot be changed: when that is mended, make it anew. → logs sums.1
	`,
);
check(
	'a job that such an engine has given up',
	`
	at 10m · node n1 · service sums job 1 desired 1 kind job restart none says "its limit of tries is reached"
	instance sums.1 on n1 failed at 400s started 300s because "exit code 3"
	`,
	`
	serious (1) Job sums has failed
	  1 instance so far: exit code 3; its limit of tries is reached
	  > The logs of sums.1 tell more. It cannot be changed: when that is mended, make it anew. → logs sums.1
	`,
);
check(
	'what has failed before such a job was done is past',
	`
	at 10m · node n1 · service sums job 0 desired 0 kind job restart none
	instance sums.1 on n1 failed at 400s started 300s because "exit code 3"
	`,
	'',
);
const pulls = `
	at 10m · node n1 · service a replicas 1 image web:1 desired 1
	instance a.1 on n1 preparing unhealthy
`;
check(
	'an image that cannot be pulled: the one that the engine names, of whichever container',
	pulls,
	`
	critical (1) Image side:9 is missing
	  1 instance of a cannot start: container side: ErrImagePull: failed to pull image "side:9": not found
	  > See that its name is right and that the nodes may pull it, or give a another image. → instances a
	`,
	{
		instances: readCluster(pulls).instances.map(one => ({
			...one,
			status: {...one.status, reason: 'container side: ErrImagePull: failed to pull image "side:9": not found'},
		})),
	},
);
check(
	'instances of no service: those with the same reason are one trouble',
	`
	at 10m · node n1 · service x replicas 9
	instance x.1 because "Unschedulable: too large"
	instance x.2 on n1 starting unhealthy quick 3 restarts 3 because "CrashLoopBackOff: exit code 4"
	instance x.3 on n1 failed because "Evicted: the disk is full" · instance x.4 on n1 failed because "Evicted: the disk is full"
	instance x.5 on n1 running healthy · instance x.6 on n1 completed
	`,
	`
	serious (1) x.1 waits for a node
	  Unschedulable: too large
	  > The description of x.1 tells more. → describe x.1
	serious (1) x.2 crashes again and again
	  CrashLoopBackOff: exit code 4
	  > The logs of x.2 tell more. → logs x.2
	minor (2) 2 instances of no service have failed
	  x.3, x.4: Evicted: the disk is full
	  > The logs of x.3 tell more. → logs x.3
	`,
	{services: []},
);
check(
	'an image that is missing is one trouble for all that want it',
	`
	at 10m · node n1 · service a replicas 2 image thumbs:2 desired 2 · service b replicas 1 image thumbs:2 desired 1
	instance a.1 on n1 running · instance a.2 on n1 rejected because "no image is called thumbs:2"
	instance b.1 on n1 rejected because "no image is called thumbs:2"
	`,
	`
	critical (2) Image thumbs:2 is missing
	  2 instances of a, b cannot start: no image is called thumbs:2
	  > Add it with muster image add, or give them another image. → instances b
	`,
);
check(
	'a start that its node refuses',
	`
	at 10m · node n1 · service a replicas 2 desired 2
	instance a.1 on n1 running · instance a.2 on n1 rejected because "port 80 is taken"
	`,
	`
	serious (1) a cannot be started
	  1 of 2 instances: port 80 is taken
	  > What stands in the way is on the node or in the image: mend it, or update the service. → instances a
	`,
);
check(
	'unhealthy instances',
	`
	at 10m · node n1 · service web replicas 3 desired 3 health
	instance web.1 on n1 running healthy
	instance web.2 on n1 running unhealthy says "GET /health answered 503"
	instance web.3 on n1 running unhealthy says "GET /health answered 503"
	`,
	`
	serious (2) web has unhealthy instances
	  2 of 3 instances: GET /health answered 503
	  > The logs of web.2 tell more. Restart its instances, one at a time. [service.restart web] → instances web
	`,
);
check(
	'up for minutes and never healthy; started, and nothing since',
	`
	at 10m · node n1 · service web replicas 2 desired 2 health · service api replicas 1 desired 1
	instance web.1 on n1 running healthy · instance web.2 on n1 running checking at 5m
	instance api.1 on n1 preparing at 8m
	`,
	`
	critical (1) api is slow to come up
	  1 of 1 instance still preparing
	  > The logs of api.1 tell more. Where it needs the time, give its health check a start period. → logs api.1
	minor (1) web is slow to come up
	  1 of 2 instances never healthy since the start: no answer yet
	  > The logs of web.2 tell more. Where it needs the time, give its health check a start period. → logs web.2
	`,
);
check(
	'what just started is not slow',
	'at 10m · node n1 · service web health desired 1 · instance web.1 on n1 running checking at 570s',
	`
	critical (1) web is down
	  none of 1 instance is healthy
	  > Its instances tell what they wait for. → instances web
	`,
);
check(
	'nearly at the limit of memory',
	`
	node n1 · service web replicas 3 desired 3 limit memory 100MiB
	instance web.1 on n1 running uses memory 20MiB
	instance web.2 on n1 running uses memory 91MiB · instance web.3 on n1 running uses memory 96MiB
	`,
	`
	minor (2) web is nearly out of memory
	  2 of 3 instances over 90 % of 100 MiB: web.3 has 96 MiB
	  > Give it more memory: a limit of 200 MiB. [service.update web {"limitMemory":209715200}] → instances web
	`,
);

test('of several containers it is what they may use together that counts', () => {
	const {instances, ...rest} = readCluster(`
		node n1 · service web replicas 1 desired 1 limit memory 100MiB
		instance web.1 on n1 running uses memory 170MiB
	`);
	const titles = (memoryBytes?: number) => {
		const limit = memoryBytes === undefined ? {} : {memoryBytes};
		const bounds = {limit, reserve: {cpus: 0, memoryBytes: 0}};
		return findTroubles({...rest, instances: instances.map(one => ({...one, bounds}))}).map(({cause}) => cause);
	};
	expect(titles()).toEqual([]);
	expect(titles(300 * 2 ** 20)).toEqual([]);
	expect(titles(180 * 2 ** 20)).toEqual(['1 of 1 instance over 90 % of 180 MiB: web.1 has 170 MiB']);
});

check(
	'a service of which nothing is there',
	'at 5m · node n1 · service web replicas 2 desired 2 says "its version cannot be read"',
	`
	critical (2) web is down
	  its version cannot be read
	  > Its instances tell what they wait for. → instances web
	`,
);
check('scaled to nothing is not down', 'at 5m · node n1 · service web replicas 0 desired 0', '');
check('what is being removed has no troubles', 'at 5m · node n1 · service web replicas 2 desired 2 removing', '');

const failures = [1, 2, 3, 4, 5].map(index =>
	anEvent(`e${index}`, {
		name: 'Failed',
		createdAt: 300_000 + index,
		about: {kind: 'instance', id: `i${index}`, name: 'api-v2.1'},
		message: `exit code ${index}`,
	}),
);
check(
	'failures that only the events tell of',
	'at 10m · node n1 · service api-v2 replicas 1 desired 1 · instance api-v2.1 on n1 running',
	`
	minor (5) api-v2 fails often
	  5 failures in ten minutes, the last: exit code 5
	  > The logs of its instances tell more. → logs api-v2
	`,
	{events: failures},
);
check(
	'what ended while its machine was off has not failed',
	'at 10m · node n1 · service api-v2 replicas 1 desired 1 · instance api-v2.1 on n1 running',
	'',
	{events: failures.map(event => ({...event, message: unseenEnd}))},
);
check(
	'a loop that is at its next try: the last event says how the one before ended',
	'at 10m · node n1 · service api-v2 replicas 1 desired 1 · instance api-v2.1 on n1 starting at 599s quick 3 restarts 5',
	`
	critical (1) api-v2 crashes again and again
	  1 of 1 instance, soon after the start: exit code 5; 5 restarts so far
	  > The logs of api-v2.1 tell more. Until it is mended: scale it to 0. [service.scale api-v2 {"replicas":0}] → logs api-v2
	`,
	{events: failures},
);
check(
	'failures of long ago are forgotten',
	'at 20m · node n1 · service api-v2 replicas 1 desired 1 · instance api-v2.1 on n1 running',
	'',
	{events: failures},
);
check(
	'parts of the control plane',
	'node n1 · node n2 down at 0 because "not heard of for 4 s"',
	`
	critical (1) Node n2 is down
	  not heard of for 4 s
	  > It comes back by itself once its machine does. Where that never will: remove it. → describe n2
	critical (1) The gateway has failed
	  port 8080: address in use
	  > Published ports may not answer: another program may hold one, see its log.
	minor (1) The agent n1 is not well
	  not connected
	  > It is started again by itself; see its log.
	`,
	{
		components: [
			{name: 'store', state: 'ok', message: 'revision 7'},
			{name: 'gateway', state: 'failed', message: 'port 8080: address in use'},
			{name: 'agent n1', state: 'warning', message: 'not connected'},
			{name: 'agent n2', state: 'failed', message: 'node is down'},
		],
	},
);

test('an id stays the same while numbers change', () => {
	const at = (count: number) =>
		findTroubles(
			readCluster(
				[
					'at 10m\nnode n1\nservice web replicas 9 desired 9',
					...Array.from({length: count}, (_, index) => `instance web.${index + 1} on n1 running unhealthy`),
				].join('\n'),
			),
		).map(({id}) => id);
	expect(at(1)).toEqual(['unhealthy web-id']);
	expect(at(9)).toEqual(at(1));
});

test('a service whose instances may not be seen is as well as it says itself', () => {
	const {services, nodes, now} = readCluster('at 10m · node n1 · service web replicas 2 desired 2');
	const told = (healthy: number) =>
		findTroubles({
			...{nodes, now, instances: []},
			services: services.map(service => ({...service, status: {...service.status, healthy}})),
		}).map(({title}) => title);
	expect([told(2), told(0)]).toEqual([[], ['web is down']]);
});

test('parts of a control plane have remedies of their own; a kubelet whose node is down is a trouble of that node', () => {
	const {nodes} = readCluster('node n1 · node n2 down');
	const failed = (name: string) => ({name, state: 'failed', message: 'it does not answer'}) as const;
	const components = ['etcd', 'kube-apiserver', 'kube-scheduler', 'kubelet n1', 'kubelet n2', 'store'].map(failed);
	const found = brokenParts({nodes, components} as unknown as TroubleWorld);
	expect(found.map(({title, remedy}) => `${title}: ${remedy?.text.split(' ').slice(0, 4).join(' ')}`)).toEqual([
		'The etcd has failed: Nothing can be kept:',
		'The kube-apiserver has failed: See its log on',
		'The kube-scheduler has failed: See its log: its',
		'The kubelet n1 has failed: See its log on',
		'The store has failed: Nothing can be written:',
	]);
});

test('what no scheduler has looked at waits for the scheduler, not for a node', () => {
	const {services, instances, nodes, now} = readCluster(
		'at 10m · node n1 · service web replicas 1 desired 1 · instance web.1',
	);
	const components = [{name: 'kube-scheduler', state: 'failed', message: 'its lease has run out'} as const];
	const remedies = (world: Partial<TroubleWorld>) =>
		findTroubles({services, instances, nodes, now, ...world})
			.filter(({id}) => id.startsWith('pending'))
			.map(({remedy}) => remedy.text);
	expect([remedies({}), remedies({components})]).toEqual([
		['Add a node, or bring one back.'],
		['See to the kube-scheduler first: nothing gets a node without it.'],
	]);
});
