import {describe, expect, test} from 'vitest';
import {parse} from '../../../source/commands/arguments/parse.ts';
import {findVerb} from '../../../source/commands/find-verb.ts';
import {toClusterError} from '../../../source/core/error.ts';

/** A command line → `PATH flag=value … · operands`, or the refusal. */
async function show(line: string | readonly string[]): Promise<string> {
	try {
		const asked = findVerb(typeof line === 'string' ? line.split(' ') : line);
		if (asked.type !== 'verb') {
			return asked.type === 'noun' ? `noun ${asked.noun.name}` : 'nothing';
		}

		const {flags, shared, operands} = await parse(await asked.entry.load(), asked.words);
		const given = Object.entries({...shared, ...flags}).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
		return `${[asked.path, ...given].join(' ')} ·${operands.map(word => ` ${word}`).join('')}`;
	} catch (error) {
		const {code, message, hint} = toClusterError(error);
		return `${code}: ${message}${hint === undefined ? '' : ` (${hint})`}`;
	}
}

function check(line: string | readonly string[], expected: string) {
	test(typeof line === 'string' ? line : JSON.stringify(line), async () => {
		expect(await show(line)).toBe(expected);
	});
}

describe('nouns and verbs', () => {
	check('service ls', 'service ls ·');
	check('services ls', 'service ls ·');
	check('services', 'service ls ·');
	check('nodes', 'node ls ·');
	check('service', 'noun service');
	check('node --help', 'noun node');
	check('services --help', 'noun service');
	check('ps web', 'ps · web');
	check('service ps web', 'service ps · web');
	check('instances', 'instance ls ·');
	check('events', 'events ·');
	check('event ls', 'event ls ·');
	check('events ls', 'event ls ·');
	check('service remove web', 'service rm · web');
	check('--read-only', 'nothing');
	check('service crate', 'usage: muster service has no command "crate" (did you mean muster service create?)');
	check('servce ls', 'usage: muster has no command "servce" (did you mean muster service?)');
	check(
		'inspect web',
		'usage: muster has no command "inspect" (did you mean muster service inspect, muster instance inspect, muster node inspect, muster image inspect, …?)',
	);
	check('help service create', 'service create help=true ·');
	check('instance kill -s 9 web.1', 'instance kill signal="9" · web.1');
	check('instance kill -s BOGUS web.1', 'usage: --signal: "BOGUS" is not a signal such as TERM, SIGKILL or 9');
	check(
		'--timeout 5s scale web=3',
		'usage: muster has no command "5s" (--timeout with its value stands behind the command, or is written --timeout=5s)',
	);
	check(
		'service --replicas 3 create nodejs',
		'usage: muster service has no command "3" (--replicas with its value stands behind the command, or is written --replicas=3)',
	);
	check('--debug frobnicate', 'usage: muster has no command "frobnicate" (muster --help shows what there is)');
	check('frobnicate', 'usage: muster has no command "frobnicate" (muster --help shows what there is)');
	check(['\x1b[31m'], 'usage: muster has no command "" (muster --help shows what there is)');
});

test('a word of docker that is none here', async () => {
	expect(await show('copy web')).toMatch(/^usage: muster has no command/);
});

describe('shared flags', () => {
	check('-c local ps', 'ps context="local" ·');
	check('--context=local service --read-only ls -o json', 'service ls context="local" output="json" readOnly=true ·');
	check('ps web -c local', 'ps context="local" · web');
	check('ps --read-only --debug --no-color -A', 'ps allNamespaces=true readOnly=true debug=true noColor=true ·');
	check('ps --dry-run=false', 'ps dryRun=false ·');
	check('ps -o xml', 'usage: --output: "xml" is not one of table, wide, json, yaml, ndjson, name');
	check('ps -o', 'usage: -o needs a value');
	check('ps -c a -c b', 'usage: --context is given 2 times, and can be given only once');
	check('service create nodejs -c local', 'service create · nodejs -c local');
	check('service create -- -c local', 'service create · -c local');
});

describe('service create', () => {
	check('service create --replicas=100 nodejs', 'service create replicas=100 · nodejs');
	check('service create --replicas 100 nodejs a --replicas=3', 'service create replicas=100 · nodejs a --replicas=3');
	check(
		'service create -dt -p 8080:80 -p9090:90 -e A=1 -e B nodejs',
		'service create publish=[{"published":8080,"target":80,"protocol":"tcp"},{"published":9090,"target":90,"protocol":"tcp"}] env=[{"key":"A","value":"1"},{"key":"B","value":"","inherited":true}] tty=true detach=true · nodejs',
	);
	check('service create -p=8080:80 -e=A=1 -e==B x', 'usage: --env: "=B" is not KEY=VALUE');
	check(
		'service create -p=8080:80 -e=A=1 x',
		'service create publish=[{"published":8080,"target":80,"protocol":"tcp"}] env=[{"key":"A","value":"1"}] · x',
	);
	check('service create -p= x', 'usage: -p needs a value');
	check(['service', 'create', '-e', '-X=1', 'x'], 'service create env=[{"key":"-X","value":"1"}] · x');
	check(['service', 'create', '-e', 'A=b c=d', 'x'], 'service create env=[{"key":"A","value":"b c=d"}] · x');
	check('service create --detach=false x', 'service create detach=false · x');
	check('service create --detach=maybe x', 'usage: --detach: "maybe" is not true or false');
	check('service create --health-interval 1m30s x', 'service create healthInterval=90000 · x');
	check('service create --limit-memory 64m --limit-cpu .5 x', 'service create limitCpu=0.5 limitMemory=67108864 · x');
	check('service create --replicas abc x', 'usage: --replicas: "abc" is not a whole number from 0 to 100000');
	check('service create --replicas -1 x', 'usage: --replicas: "-1" is not a whole number from 0 to 100000');
	check('service create --replicas +1 x', 'usage: --replicas: "+1" is not a whole number from 0 to 100000');
	check('service create --replicas= x', 'usage: --replicas needs a value');
	check('service create x --replicas', 'service create · x --replicas');
	check('service create --name', 'usage: --name needs a value');
	check('service create --name a --name b x', 'usage: --name is given 2 times, and can be given only once');
	check('service create --replcas 3 x', 'usage: there is no flag --replcas (did you mean --replicas?)');
	check('service create -z x', 'usage: there is no flag -z');
	check('service create --no-detach x', 'usage: there is no flag --no-detach');
	check('service create --mode some x', 'usage: --mode: "some" is not one of replicated, global, job, global-job');
	check(
		'service create --publish 80/icmp x',
		'usage: --publish: "80/icmp" is not a port to publish: its protocol can only be tcp, udp, sctp or http',
	);
	check('service create', 'usage: IMAGE is missing');
	check('service create --__proto__=1 x', 'usage: there is no flag --__proto__');
});

describe('others', () => {
	check('scale web=5 api=3 -d', 'scale detach=true · web=5 api=3');
	check('scale', 'usage: SERVICE=REPLICAS is missing');
	check('service update --env-rm A --env-rm B web', 'service update envRm=["A","B"] · web');
	check('exec -it web.1 ls -la --color', 'exec interactive=true tty=true · web.1 ls -la --color');
	check('exec web.1', 'usage: COMMAND is missing');
	check('exec web.1 -i --', 'usage: COMMAND is missing');
	check('exec web.1 -t --contianer log -- ls', 'usage: there is no flag --contianer (did you mean --container?)');
	check('logs -f --since 10m --tail 5 -t web', 'logs follow=true since={"agoMs":600000} tail=5 timestamps=true · web');
	check('logs --since 2030-01-31T12:00:00Z web', 'logs since={"at":1896091200000} · web');
	check(
		'logs --since yesterday web',
		'usage: --since: "yesterday" is not a time such as 10m (ago) or 2030-01-31T12:00:00Z',
	);
	check('node fail n1 --for 10s', 'node fail for=10000 · n1');
	check('node label n1 a=b c-', 'node label · n1 a=b c-');
	check('version x', 'usage: the argument "x" is one too many: none is allowed');
	check('context use a b', 'usage: the argument "b" is one too many: only NAME is allowed');
	check('wait web', 'usage: "web" is not one of service, node, instance');
	check('wait services', 'usage: NAME is missing');
	check('wait service web --for ready', 'wait for="ready" · service web');
});
