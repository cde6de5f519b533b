import {check} from './check.ts';

check(
	'down, on purpose, for good, being fenced',
	`
	at 10m
	node n1 · node n2 down at 590s because "not heard of for 4 s" fencing · node n3 down at 60s because "not heard of for 4 s"
	node n4 down at 595s failed-until 20m because "failed on purpose"
	`,
	`
	critical (1) Node n2 is down
	  not heard of for 4 s; is being fenced
	  > It comes back by itself once its machine does. Where that never will: remove it. → describe n2
	critical (1) Node n3 is down
	  not heard of for 4 s
	  > It comes back by itself once its machine does. Where that never will: remove it. [node.rm n3] → describe n3
	serious (1) Node n4 is down
	  failed on purpose
	  > It comes back by itself when its time is over. → describe n4
	`,
);
check(
	'a zone that is down is one trouble',
	`
	at 10m · node a1
	node b1 down at 500s because "silent" · node b2 down at 500s because "silent"
	node b3 down at 500s because "silent" · node b4 down at 500s because "silent"
	`,
	`
	critical (4) 4 nodes are down
	  b1, b2, b3, b4; b1: silent
	  > It comes back by itself once its machine does. Where that never will: remove it. → nodes
	`,
);
check(
	'ready, and ailing by its own account',
	'at 60s · node n1 ailing "DiskPressure: kubelet has disk pressure" · node n2',
	`
	serious (1) Node n1 is ailing
	  DiskPressure: kubelet has disk pressure
	  > Look after its machine; what it cannot hold it ends. Drain it where that takes long. → describe n1
	`,
);
check('not heard of, since a moment', 'at 5s · node n1 unknown at 1s because "waits for its agent"', '');
check(
	'not heard of, for long',
	'at 60s · node n1 unknown at 1s because "waits for its agent"',
	`
	serious (1) Node n1 is not heard of
	  waits for its agent
	  > Its agent has not connected: look whether it runs, and at its log. → describe n1
	`,
);
check(
	'under pressure',
	`
	node n1 cpus 4 memory 1000MiB uses cpus 3.9 uses memory 920MiB
	node n2 cpus 4 memory 1000MiB uses cpus 1 uses memory 970MiB cordoned
	node n3 cpus 4 memory 1000MiB uses memory 899MiB
	node n4 cpus 4 memory 1000MiB uses memory 999MiB down at 0
	`,
	`
	critical (1) Node n4 is down
	  silent
	  > It comes back by itself once its machine does. Where that never will: remove it. → describe n4
	serious (2) 2 nodes are nearly out of memory
	  n2 uses 97 %, n1 uses 92 % of its memory
	  > Move something away from n2: drain it, or scale what uses most. → instances n2
	minor (1) Node n1 is nearly out of CPU
	  n1 uses 98 % of its CPU
	  > Place nothing more on n1, or drain it. [node.cordon n1] → instances n1
	`,
);
check(
	'hardly anything left to reserve, where nodes share a machine',
	`
	machine box cpus 4 memory 16GiB
	node n1 machine box cpus 4 · node n2 machine box cpus 4
	service web replicas 2 desired 2 reserve cpus 2
	instance web.1 on n1 running · instance web.2 on n2 running
	`,
	`
	minor (2) The cluster is nearly full
	  100 % of the CPUs of 2 nodes are reserved
	  > Add a node, or lower what services reserve. → nodes
	`,
);
