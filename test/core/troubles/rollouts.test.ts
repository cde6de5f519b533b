import {check} from './check.ts';

check(
	'an update whose new version crashes is one trouble',
	`
	at 10m · node n1
	service web replicas 3 desired 3 version 2 updated 0/3 since 9m from 1
	instance web.1 on n1 failed version 2 at 595s started 594s quick 2 because "exit code 1"
	instance web.2 on n1 running version 1 · instance web.3 on n1 running version 1
	`,
	`
	serious (3) The update of web is stuck
	  0 of 3 at version 2; 1 crashing: exit code 1
	  > Go back to version 1, or update it once more with what mends version 2. [service.rollback web] → logs web.1
	`,
);
check(
	'faults of both versions are not the update',
	`
	at 10m · node n1
	service web replicas 3 desired 3 version 2 updated 1/3 since 599s
	instance web.1 on n1 running unhealthy version 2 · instance web.2 on n1 running unhealthy version 1
	instance web.3 on n1 running version 1
	`,
	`
	serious (2) web has unhealthy instances
	  2 of 3 instances: the health check fails
	  > The logs of web.1 tell more. Restart its instances, one at a time. [service.restart web] → instances web
	`,
);
check(
	'an update that goes on is no trouble',
	`
	at 10m · node n1
	service web replicas 2 desired 2 version 2 updated 1/2 since 9m
	instance web.1 on n1 running version 2 at 590s · instance web.2 on n1 running version 1
	`,
	'',
);
check(
	'a first version that does not come up is no update: its instances tell',
	`
	at 10m · node n1
	service web replicas 1 desired 1 version 1 updated 0/1 since 1m says "it has timed out"
	instance web.1 pending version 1 because "no node has 4 CPUs free"
	`,
	`
	critical (1) web waits for a node
	  1 of 1 instance: no node has 4 CPUs free
	  > Add a node, or bring one back. → describe web.1
	`,
);
check(
	'nothing moves',
	`
	at 10m · node n1
	service web replicas 2 desired 2 version 2 updated 1/2 since 1m
	instance web.1 on n1 running version 2 at 70s · instance web.2 on n1 running version 1
	`,
	`
	serious (1) The update of web is stuck
	  1 of 2 at version 2; nothing has moved for two minutes
	  > Update it once more, with what mends version 2. → instances web
	`,
);
check(
	'paused',
	`
	at 10m · node n1
	service web replicas 2 desired 2 version 2 updated 1/2 since 9m paused
	instance web.1 on n1 running version 2 at 590s · instance web.2 on n1 running version 1
	`,
	`
	serious (1) The update of web has stopped
	  1 of 2 at version 2; nothing goes on
	  > Update it once more, with what mends version 2. → instances web
	`,
);
check(
	'canaries wait for a decision: no trouble',
	`
	at 10m · node n1
	service web replicas 2 desired 2 version 2 updated 1/2 since 1m canary 1 waiting-canary
	instance web.1 on n1 running version 2 at 70s · instance web.2 on n1 running version 1
	`,
	'',
);
check(
	'two versions and no update',
	`
	at 10m · node n1 · service web replicas 2 desired 2 version 4
	instance web.1 on n1 running version 4 · instance web.2 on n1 running version 3
	`,
	`
	minor (1) web runs in different versions
	  1 of 2 instances not at version 4, and no update is under way
	  > Restart it: each instance comes back at the present version. [service.restart web] → instances web
	`,
);

check(
	'a rollout that somebody has paused is none',
	`
	at 10m · node n1 · service web replicas 2 desired 2 held kind deployment says "rollout paused"
	instance web.1 on n1 running healthy at 60s
	`,
	'',
);
