import {check} from './check.ts';

// Waiting for a node, and what would help.

check(
	'too large for every node',
	`
	node n1 cpus 4 · node n2 cpus 2
	service big replicas 2 desired 2 reserve cpus 8
	instance big.1 because "no node has 8 CPUs free: the most is n1 with 4"
	instance big.2 because "no node has 8 CPUs free: the most is n1 with 4"
	`,
	`
	critical (2) big waits for a node
	  2 of 2 instances: no node has 8 CPUs free: the most is n1 with 4
	  > Add a node or stop something else, or reserve less: 4 CPUs would fit. [service.update big {"reserveCpu":4}] → describe big.1
	`,
);
check(
	'memory that is left in part',
	`
	node n1 cpus 4 memory 1000MiB
	service web replicas 1 desired 1 reserve memory 300MiB · service big replicas 1 desired 1 reserve memory 800MiB
	instance web.1 on n1 running
	instance big.1 because "no node has 800 MiB of memory free: the most is n1 with 700 MiB"
	`,
	`
	critical (1) big waits for a node
	  1 of 1 instance: no node has 800 MiB of memory free: the most is n1 with 700 MiB
	  > Add a node or stop something else, or reserve less: 700 MiB of memory would fit. [service.update big {"reserveMemory":734003200}] → describe big.1
	`,
);
check(
	'a closed node would take it',
	`
	node n1 cpus 1 · node n2 cpus 8 cordoned
	service web replicas 1 desired 1 reserve cpus 2
	instance web.1 because "no node has 2 CPUs free: the most is n1 with 1; 1 cordoned"
	`,
	`
	critical (1) web waits for a node
	  1 of 1 instance: no node has 2 CPUs free: the most is n1 with 1; 1 cordoned
	  > n2 has room, but is cordoned: let it take work again. [node.uncordon n2] → describe web.1
	`,
);
check(
	'a closed node that would not take it either is left closed',
	`
	node n1 cpus 1 · node n2 cpus 1 cordoned · service web replicas 1 desired 1 reserve cpus 2
	instance web.1 because "no node has 2 CPUs free"
	`,
	`
	critical (1) web waits for a node
	  1 of 1 instance: no node has 2 CPUs free
	  > Add a node or stop something else, or reserve less: 1 CPU would fit. [service.update web {"reserveCpu":1}] → describe web.1
	`,
);
check(
	'a label that no node has',
	`
	node n1 zone=a · service web replicas 1 desired 1 constraint node.labels.zone==b
	instance web.1 because "no node fits: 1 lacks node.labels.zone==b"
	`,
	`
	critical (1) web waits for a node
	  1 of 1 instance: no node fits: 1 lacks node.labels.zone==b
	  > Label a node as asked (muster node label), or change the constraints of web. → describe web.1
	`,
);
check(
	'one more on each node would do',
	`
	node n1 · service web replicas 3 desired 3 max-per-node 2
	instance web.1 on n1 running · instance web.2 on n1 running
	instance web.3 because "no node fits: 1 holds the most allowed per node (2)"
	`,
	`
	serious (1) web waits for a node
	  1 of 3 instances: no node fits: 1 holds the most allowed per node (2)
	  > Add a node, or allow 3 instances on each. [service.update web {"replicasMaxPerNode":3}] → describe web.3
	`,
);
check(
	'more on each node would not do where they are short of room too',
	`
	node n1 cpus 3 gpu=true · node n2 · service web replicas 2 desired 2 max-per-node 1 reserve cpus 2 constraint node.labels.gpu==true
	instance web.1 on n1 running
	instance web.2 because "no node fits: 1 lacks node.labels.gpu==true, 1 holds the most allowed per node (1)"
	`,
	`
	serious (1) web waits for a node
	  1 of 2 instances: no node fits: 1 lacks node.labels.gpu==true, 1 holds the most allowed per node (1)
	  > Label a node as asked (muster node label), or change the constraints of web. → describe web.2
	`,
);
check(
	'no node at all',
	'service web replicas 1 desired 1 · instance web.1 because "there is no node"',
	`
	critical (1) web waits for a node
	  1 of 1 instance: there is no node
	  > Add a node, or bring one back. → describe web.1
	`,
);
check(
	'what was made a moment ago is not waiting yet',
	'at 3s · node n1 · service web replicas 1 desired 1 · instance web.1 at 1s',
	'',
);
check(
	'many services short of the same are one trouble',
	`
	node n1 cpus 1
	service a replicas 1 desired 1 reserve cpus 2 · service b replicas 2 desired 2 reserve cpus 3
	service c replicas 1 desired 1 reserve cpus 4 · service d replicas 1 desired 1 constraint node.name==n7
	instance a.1 because "no node has 2 CPUs free: the most is n1 with 1"
	instance b.1 because "no node has 3 CPUs free: the most is n1 with 1"
	instance b.2 because "no node has 3 CPUs free: the most is n1 with 1"
	instance c.1 because "no node has 4 CPUs free: the most is n1 with 1"
	instance d.1 because "no node fits: 1 lacks node.name==n7"
	`,
	`
	critical (4) 3 services wait for a node
	  4 instances of b, a, c: no node has 3 CPUs free: the most is n1 with 1
	  > Add a node or stop something else, or reserve less: 1 CPU would fit. [service.update b {"reserveCpu":1}] → describe b.1
	critical (1) d waits for a node
	  1 of 1 instance: no node fits: 1 lacks node.name==n7
	  > Label a node as asked (muster node label), or change the constraints of d. → describe d.1
	`,
);
check(
	'a drain that cannot end is no trouble of the service',
	`
	at 5m · node n1 draining cpus 8 · node n2 cpus 1
	service web replicas 1 desired 1 reserve cpus 2
	instance web.1 on n1 running id old at 10s
	instance web.1 replaces old because "no node has 2 CPUs free: the most is n2 with 1"
	`,
	`
	serious (1) The drain of n1 is stuck
	  1 instance of web cannot go elsewhere: no node has 2 CPUs free: the most is n2 with 1
	  > Make room, or cancel the drain. [node.uncordon n1] → instances n1
	`,
);
