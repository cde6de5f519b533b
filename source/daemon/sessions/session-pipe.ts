import {connect, type Socket} from 'node:net';
import type {SessionAnswer, SessionRequest} from '../../backends/local/protocol.ts';
import {acceptUpgrade} from '../../backends/local/upgrade.ts';
import {ClusterError} from '../../core/error.ts';

const answerTimeoutMs = 10_000;
const maxAnswerBytes = 65_536;

/** Joins a client's connection to an agent's: from then on bytes are copied both ways until one side ends. */
export async function openSession(
	client: Socket,
	head: Uint8Array,
	socketPath: string | undefined,
	request: SessionRequest,
): Promise<void> {
	if (socketPath === undefined) {
		throw new ClusterError('unreachable', 'The agent of its node cannot be reached now.', {
			hint: 'Try again in a few seconds.',
		});
	}

	const agent = connect(socketPath);
	const {answer, rest} = await askAgent(agent, request).catch(error => {
		agent.destroy();
		throw new ClusterError('unreachable', `The agent of its node does not answer: ${error.message}`, {cause: error});
	});
	if (!answer.ok) {
		agent.destroy();
		throw new ClusterError(answer.error.code, answer.error.message, {hint: answer.error.hint});
	}

	acceptUpgrade(client, 'muster-session');
	client.write(rest);
	agent.write(head);
	join(client, agent);
}

type Answered = {readonly answer: SessionAnswer; readonly rest: Uint8Array};

async function askAgent(agent: Socket, request: SessionRequest): Promise<Answered> {
	const {promise, resolve, reject} = Promise.withResolvers<{line: string; rest: Uint8Array}>();
	let arrived: Buffer = Buffer.alloc(0);
	const take = (data: Buffer) => {
		arrived = Buffer.concat([arrived, data]);
		const end = arrived.indexOf(10);
		if (end >= 0) {
			agent.pause();
			agent.off('data', take);
			agent.setTimeout(0);
			resolve({line: arrived.toString('utf8', 0, end), rest: arrived.subarray(end + 1)});
		} else if (arrived.length > maxAnswerBytes) {
			reject(new Error('its answer is too long'));
		}
	};

	agent.on('data', take);
	agent.once('error', reject);
	agent.once('close', () => reject(new Error('it ended the connection')));
	agent.setTimeout(answerTimeoutMs, () => reject(new Error('timeout')));
	agent.write(`${JSON.stringify(request)}\n`);
	const {line, rest} = await promise;
	return {answer: JSON.parse(line) as SessionAnswer, rest};
}

/** Copies bytes both ways until one side ends. */
export function join(one: Socket, other: Socket): void {
	for (const [from, to] of [
		[one, other],
		[other, one],
	] as const) {
		from.setNoDelay(true);
		from.pipe(to);
		// What came before it broke is still written: its close, which follows, ends the other.
		from.on('error', () => {});
		from.once('close', () => to.end());
	}
}
