import {expect, test} from 'vitest';
import {findTroubles} from '../../../source/core/troubles/find-troubles.ts';
import {readCluster} from '../../helpers/cluster-text.ts';
import {anEvent} from '../../helpers/objects.ts';
import {check} from './check.ts';

check(
	'what an engine refuses to make',
	`
	at 10m · node n1 · service web replicas 3 desired 3 kind deployment says "no more pods: exceeded quota"
	instance web.1 on n1 running healthy at 60s
	`,
	`
	serious (2) web lacks 2 instances
	  no more pods: exceeded quota
	  > Make room for it, or ask for fewer; the events of its deployment tell more. → describe web
	`,
);

/** What a StatefulSet or a Job that was refused an instance some time ago lacks. */
function checkRefused(name: string, cluster: string, secondsAgo: number, expected: string | undefined) {
	test(name, () => {
		const world = readCluster(`at 60m · node n1\n${cluster}`);
		const refused = {name: 'FailedCreate', tone: 'warning', message: 'exceeded quota'} as const;
		const at = (seconds: number) => ({...refused, createdAt: world.now - seconds * 1000});
		const events = [anEvent('e1', at(secondsAgo)), anEvent('e2', {...at(secondsAgo + 60), message: 'an older one'})];
		const found = findTroubles({...world, events}).find(({id}) => id.startsWith('refused'));
		expect(found && `${found.title}: ${found.cause}`).toBe(expected);
	});
}

const two = 'service web replicas 2 desired 2 kind statefulset\ninstance web.1 on n1 running healthy at 60s';
checkRefused('only an event says what was refused', two, 60, 'web lacks 1 instance: exceeded quota');
checkRefused('what was refused long ago is past', two, 3600, undefined);
checkRefused('as it is when all are there again', `${two}\ninstance web.2 on n1 starting at 59m`, 60, undefined);
const job = 'service web job 3 desired 3 kind job\ninstance web.1 on n1 running at 60s';
checkRefused('a job that is refused some', job, 60, 'web lacks 2 instances: exceeded quota');
