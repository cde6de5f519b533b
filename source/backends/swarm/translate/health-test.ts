import type {HealthCheck} from '../../../core/model/index.ts';
import type {RawHealthcheck} from '../api-types.ts';

// Docker only knows commands: a request or connection is put into one that the usual tools of images can do, in words by
// which it is known again.

const nsPerMs = 1_000_000;
const dockerDefaults = {intervalMs: 30_000, timeoutMs: 30_000, retries: 3, startPeriodMs: 0};
const ownPort = `\${PORT:-80}`;
const httpText = /^wget -q -O \/dev\/null 'http:\/\/127\.0\.0\.1:'(\d+|"\$\{PORT:-80\}")'([^']*)' \|\| curl /;
const tcpText = /^nc -z 127\.0\.0\.1 (\d+|"\$\{PORT:-80\}") \|\| bash /;

export function toHealth(raw: RawHealthcheck | undefined): HealthCheck | undefined {
	const [type, ...words] = raw?.Test ?? [];
	if (raw === undefined || type === undefined || type === 'NONE') return undefined;
	return {
		test: toTest(type === 'CMD-SHELL' ? ['sh', '-c', words[0] ?? ''] : words),
		intervalMs: (raw.Interval ?? 0) / nsPerMs || dockerDefaults.intervalMs,
		timeoutMs: (raw.Timeout ?? 0) / nsPerMs || dockerDefaults.timeoutMs,
		retries: raw.Retries || dockerDefaults.retries,
		startPeriodMs: (raw.StartPeriod ?? 0) / nsPerMs || dockerDefaults.startPeriodMs,
		...(raw.StartInterval && {startIntervalMs: raw.StartInterval / nsPerMs}),
	};
}

function toTest(command: readonly string[]): HealthCheck['test'] {
	const text = command[0] === 'sh' && command[1] === '-c' && command.length === 3 ? (command[2] ?? '') : '';
	const [http, httpPort, path = ''] = httpText.exec(text) ?? [];
	if (http !== undefined) return {type: 'http', path, ...portOf(httpPort)};
	const [tcp, tcpPort] = tcpText.exec(text) ?? [];
	return tcp === undefined ? {type: 'command', command} : {type: 'tcp', ...portOf(tcpPort)};
}

function portOf(text = ''): {readonly port?: number} {
	return /^\d+$/.test(text) ? {port: Number(text)} : {};
}

export function fromHealth(health: HealthCheck): RawHealthcheck {
	return {
		Test: fromTest(health.test),
		Interval: health.intervalMs * nsPerMs,
		Timeout: health.timeoutMs * nsPerMs,
		Retries: health.retries,
		StartPeriod: health.startPeriodMs * nsPerMs,
		...(health.startIntervalMs !== undefined && {StartInterval: health.startIntervalMs * nsPerMs}),
	};
}

function fromTest(test: HealthCheck['test']): string[] {
	if (test.type === 'command') {
		const [shell, flag, text = ''] = test.command;
		return shell === 'sh' && flag === '-c' && test.command.length === 3
			? ['CMD-SHELL', text]
			: ['CMD', ...test.command];
	}

	const port = test.port === undefined ? `"${ownPort}"` : String(test.port);
	if (test.type === 'tcp') {
		return ['CMD-SHELL', `nc -z 127.0.0.1 ${port} || bash -c ': </dev/tcp/127.0.0.1/'${port}`];
	}

	// The check allows no spaces in it; a quote would end the text.
	const url = `'http://127.0.0.1:'${port}'${test.path.replaceAll("'", '%27')}'`;
	return ['CMD-SHELL', `wget -q -O /dev/null ${url} || curl -fsS -o /dev/null ${url}`];
}
