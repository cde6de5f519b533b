import {describe} from 'vitest';
import {check} from './plan-text.ts';

describe('service create', () => {
	const create = (name: string, cluster: string, words: string[], expected: string[]) =>
		check(name, cluster, ['service.create', '', ...words], expected);

	create(
		'is called after its image',
		'',
		['image=nodejs', 'replicas=100'],
		[
			'apply nodejs create {"replicas":100,"template":{"image":"nodejs"},"placement":{}}',
			'undo: remove nodejs',
			'$ muster service create --replicas=100 nodejs',
		],
	);
	create(
		'says what the engine never has',
		'',
		['image=nodejs', 'hostname=h'],
		['unsupported: --hostname: A process has the name of the machine.'],
	);
	create(
		'counts names that are taken',
		'service nodejs · service nodejs-2',
		['image=nodejs'],
		[
			'apply nodejs-3 create {"template":{"image":"nodejs"},"placement":{}}',
			'undo: remove nodejs-3',
			'$ muster service create nodejs',
		],
	);
	create(
		'takes the last word of a path as name',
		'',
		['image=/opt/My App', 'command=--fast', 'command=a b'],
		[
			'apply my-app create {"template":{"image":"/opt/My App","command":["--fast","a b"]},"placement":{}}',
			'undo: remove my-app',
			"$ muster service create '/opt/My App' --fast 'a b'",
		],
	);
	create(
		'drops a tag from the name',
		'',
		['image=docker:ghcr.io/x/nginx:1.27'],
		[
			'apply nginx create {"template":{"image":"docker:ghcr.io/x/nginx:1.27"},"placement":{}}',
			'undo: remove nginx',
			'$ muster service create docker:ghcr.io/x/nginx:1.27',
		],
	);
	create(
		'names the part of a port that is wrong',
		'',
		['image=nodejs', 'publish=published=80,target=80,path=api'],
		[
			'usage: --publish path must be a path that begins with "/" without spaces of at most 2048 characters, found "api"',
		],
	);
	create(
		'takes the flags of docker',
		'',
		[
			'image=nodejs',
			'name=web',
			'publish=8080:80',
			'publish=127.0.0.1::81',
			'env=A=1',
			'env=B=',
			'label=tier=front',
			'constraint=node.labels.zone==a',
			'placementPref=spread=node.labels.zone',
			'replicasMaxPerNode=2',
			'limitMemory=64m',
			'limitCpu=0.5',
			'reserveMemory=32m',
			'healthHttp=/health',
			'healthInterval=2s',
			'restartCondition=on-failure',
			'restartMaxAttempts=3',
			'stopSignal=int',
			'stopGracePeriod=1m30s',
			'tty',
			'interactive',
		],
		[
			`apply web create ${JSON.stringify({
				labels: {tier: 'front'},
				template: {
					env: {A: '1', B: ''},
					tty: true,
					openStdin: true,
					stopSignal: 'SIGINT',
					stopGraceMs: 90_000,
					health: {test: {type: 'http', path: '/health'}, intervalMs: 2000},
					reserve: {memoryBytes: 33_554_432},
					limit: {cpus: 0.5, memoryBytes: 67_108_864},
					image: 'nodejs',
				},
				placement: {
					maxReplicasPerNode: 2,
					constraints: ['node.labels.zone==a'],
					preferences: ['spread=node.labels.zone'],
				},
				restart: {condition: 'on-failure', maxAttempts: 3},
				ports: [
					{published: 8080, target: 80, protocol: 'tcp'},
					{published: 0, target: 81, protocol: 'tcp', host: '127.0.0.1'},
				],
			})}`,
			'undo: remove web',
			'$ muster service create --name=web --publish=8080:80 --publish=127.0.0.1::81 --env=A=1 --env=B= --label=tier=front --constraint=node.labels.zone==a --placement-pref=spread=node.labels.zone --replicas-max-per-node=2 --reserve-memory=32m --limit-cpu=0.5 --limit-memory=64m --health-http=/health --health-interval=2s --restart-condition=on-failure --restart-max-attempts=3 --stop-grace-period=1m30s --stop-signal=int --tty --interactive nodejs',
		],
	);
	create(
		'takes docker’s word for a job',
		'',
		['image=x', 'mode=replicated-job', 'maxConcurrent=2'],
		[
			'apply x create {"template":{"image":"x"},"mode":"job","maxConcurrent":2,"placement":{}}',
			'undo: remove x',
			'$ muster service create --mode=job --max-concurrent=2 x',
		],
	);
	create(
		'a job on each node',
		'',
		['image=x', 'mode=global-job'],
		[
			'apply x create {"template":{"image":"x"},"mode":"job","perNode":true,"placement":{}}',
			'undo: remove x',
			'$ muster service create --mode=global-job x',
		],
	);
	create(
		'refuses a name that is taken',
		'service web',
		['image=x', 'name=web'],
		['conflict: there is a service web already'],
	);
	create(
		'refuses a bad name',
		'',
		['image=x', 'name=My_Web'],
		[
			'usage: --name must be a name of a-z, 0-9 and "-" that begins and ends with a letter or digit of at most 63 characters, found "My_Web"',
		],
	);
	create(
		'refuses replicas of a global service',
		'',
		['image=x', 'mode=global', 'replicas=2'],
		['usage: --replicas does not go with --mode=global, which runs one on each node'],
	);
	create(
		'refuses two kinds of health check',
		'',
		['image=x', 'healthTcp', 'healthHttp=/'],
		['usage: only one of --health-cmd, --health-http and --health-tcp can be given'],
	);
	create(
		'refuses times of no health check',
		'',
		['image=x', 'healthRetries=2'],
		['usage: a health check needs one of --health-cmd, --health-http or --health-tcp'],
	);
	create(
		'names the flag of what the spec refuses',
		'',
		['image=x', 'limitMemory=1k'],
		[
			'usage: --limit-memory must be a whole number of bytes from 1048576 to 1125899906842624 (1 MiB to 1 PiB), found 1024',
		],
	);
	create(
		'refuses more than the limit',
		'',
		['image=x', 'limitCpu=1', 'reserveCpu=2'],
		['usage: --limit-cpu must be at least what --reserve-cpu says, 2, found 1'],
	);
	create(
		'refuses to lose sight of its processes',
		'',
		['image=x', 'env=MUSTER_HOME=/'],
		[
			'usage: --env has the key "MUSTER_HOME", but a key must be a variable name without "=" and control characters, other than MUSTER_HOME and MUSTER_INSTANCE',
		],
	);
	create('needs an image', '', [], ['usage: IMAGE is missing']);
});

describe('service update', () => {
	const web = 'service web replicas 3 port 8080:80 port 9090:81';
	const update = (name: string, words: string[], expected: string[]) =>
		check(name, web, ['service.update', 'web', ...words], expected);

	update(
		'leaves the tag of an image as it is when asked to',
		['image=web:2', 'noResolveImage'],
		[
			'apply web as it is {"template":{"image":"web:2"}} if 1',
			'undo: apply web {"template":{"image":"nodejs"}}',
			'$ muster service update --image=web:2 --no-resolve-image web',
		],
	);
	update(
		'replaces single values and gives the way back',
		['image=other', 'limitMemory=64m'],
		[
			'apply web {"template":{"limit":{"memoryBytes":67108864},"image":"other"}} if 1',
			'undo: apply web {"template":{"limit":{"memoryBytes":null},"image":"nodejs"}}',
			'$ muster service update --image=other --limit-memory=64m web',
		],
	);
	update(
		'adds by key',
		['env=A=1', 'envAdd=B=2', 'envRm=C', 'labelRm=old'],
		[
			'apply web {"labels":{"old":null},"template":{"env":{"C":null,"A":"1","B":"2"}}} if 1',
			'undo: apply web {"labels":{"old":null},"template":{"env":{"C":null,"A":null,"B":null}}}',
			'$ muster service update --env=A=1 --env-add=B=2 --env-rm=C --label-rm=old web',
		],
	);
	update(
		'replaces a port by its number',
		['publish=8080:99'],
		[
			'apply web {"ports":[{"published":8080,"target":99,"protocol":"tcp"},{"published":9090,"target":81,"protocol":"tcp"}]} if 1',
			'undo: apply web {"ports":[{"published":8080,"target":80,"protocol":"tcp"},{"published":9090,"target":81,"protocol":"tcp"}]}',
			'$ muster service update --publish=8080:99 web',
		],
	);
	update(
		'takes ports away by target',
		['publishRm=81'],
		[
			'apply web {"ports":[{"published":8080,"target":80,"protocol":"tcp"}]} if 1',
			'undo: apply web {"ports":[{"published":8080,"target":80,"protocol":"tcp"},{"published":9090,"target":81,"protocol":"tcp"}]}',
			'$ muster service update --publish-rm=81 web',
		],
	);
	update(
		'splits arguments as a shell does',
		['args=-c \'echo a  b\' "c d"'],
		[
			'apply web {"template":{"command":["-c","echo a  b","c d"]}} if 1',
			'undo: apply web {"template":{"command":[]}}',
			`$ muster service update '--args=-c '\\''echo a  b'\\'' "c d"' web`,
		],
	);
	update(
		'adds a constraint',
		['constraintAdd=node.name==n1'],
		[
			'apply web {"placement":{"constraints":["node.name==n1"]}} if 1',
			'undo: apply web {"placement":{"constraints":[]}}',
			'$ muster service update --constraint-add=node.name==n1 web',
		],
	);
	update(
		'can force a restart',
		['force'],
		['apply web {"forceUpdate":1} if 1', 'undo: apply web {"forceUpdate":0}', '$ muster service update --force web'],
	);
	update('refuses nothing', [], ['usage: nothing to change: give at least one flag, such as --image or --env']);
	update('refuses a port that is not there', ['publishRm=70'], ['usage: --publish-rm: no published port fits "70"']);
	update('refuses an open quote', ["args='a"], ['usage: --args: a quote is not closed in "\'a"']);
	check(
		'refuses replicas of a global service',
		'service web global',
		['service.update', 'web', 'replicas=2'],
		['usage: --replicas must be 0 for a global service, which runs one on each node, found 2'],
	);
});

describe('the others', () => {
	check(
		'scale',
		'service web replicas 3',
		['service.scale', 'web', 'replicas=5'],
		['apply web {"replicas":5} if 1', 'undo: apply web {"replicas":3}', '$ muster service scale web=5'],
	);
	check(
		'scale to nothing asks',
		'service web replicas 3',
		['service.scale', 'web', 'replicas=0'],
		[
			'apply web {"replicas":0} if 1',
			'undo: apply web {"replicas":3}',
			'Scale web to 0, which stops 0 instances?',
			'$ muster service scale web=0',
		],
	);
	check(
		'scale of a global service',
		'service web global',
		['service.scale', 'web', 'replicas=5'],
		['conflict: web is a global service: it runs one instance on each node, and cannot be scaled'],
	);
	check(
		'restart',
		'service web force 2',
		['service.restart', 'web'],
		['apply web {"forceUpdate":3} if 1', 'undo: apply web {"forceUpdate":2}', '$ muster service restart web'],
	);
	for (const [kind, why] of [
		['job', 'runs once: what it runs cannot be changed'],
		['cronjob', 'runs by its schedule: it can be triggered'],
	] as const) {
		check(`restart of a ${kind}`, `service s job 1 kind ${kind}`, ['service.restart', 's'], [`conflict: s ${why}`]);
	}

	check(
		'instance kill',
		'node n1 · service web · instance web.1 on n1 running',
		['instance.kill', 'web.1', 'signal=term'],
		['sent SIGTERM to web.1', 'Send SIGTERM to web.1?', '$ muster instance kill --signal=term web.1'],
	);
	check(
		'instance kill refuses what has ended',
		'service web · instance web.1 failed',
		['instance.kill', 'web.1'],
		['conflict: web.1 does not run: it is failed'],
	);
	check(
		'image add',
		'',
		['image.add', '', 'path=/srv/app', 'name=app'],
		['added image app', '$ muster image add --name=app /srv/app'],
	);
});
