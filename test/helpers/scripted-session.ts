import type {Facets, Session} from '../../source/core/backend.ts';

type Chunk = {readonly stream: 'stdout' | 'stderr'; readonly data: Uint8Array};

/** Sessions that answer each line with `got LINE`, say their size, end with the code of `exit CODE`, and end as they are told. */
export type ScriptedSessions = {
	readonly facets: Pick<Facets, 'exec' | 'attach'>;
	/** Opens one that begins with saying where it is. */
	start(where: string, size?: {readonly columns: number; readonly rows: number}): Session;
	/** Ends those that are open: with a code, or (without one) as a broken connection does. */
	end(code?: number): void;
	/** Those to come are not opened until `answer`. */
	hold(): void;
	answer(): void;
};

export function createScriptedSessions(): ScriptedSessions {
	const open = new Set<(code?: number) => void>();
	const start = (name: string, size?: {readonly columns: number; readonly rows: number}): Session => {
		const session = createSession(name, size);
		open.add(session.finish);
		void session.exit.then(() => open.delete(session.finish));
		return session;
	};
	let gate = Promise.resolve();
	let openGate = () => {};
	return {
		start,
		facets: {
			async exec({name}, {size}) {
				await gate;
				return start(`shell in ${name}`, size);
			},
			attach: async ({name}, size) => start(`attached to ${name}`, size),
		},
		hold() {
			gate = new Promise(resolve => {
				openGate = resolve;
			});
		},
		answer: () => openGate(),
		end(code) {
			for (const finish of open) finish(code);
		},
	};
}

function createSession(name: string, size?: {readonly columns: number; readonly rows: number}) {
	const queue: Chunk[] = [];
	const exit = Promise.withResolvers<number | undefined>();
	let isOver = false;
	let wake = () => {};
	let line = '';
	const say = (text: string) => {
		queue.push({stream: 'stdout', data: Buffer.from(text)});
		wake();
	};
	const finish = (code?: number) => {
		isOver = true;
		exit.resolve(code);
		wake();
	};
	say(`${name}\r\nsize ${size?.columns}x${size?.rows}\r\n> `);
	return {
		output: (async function* (): AsyncGenerator<Chunk> {
			for (;;) {
				const chunk = queue.shift();
				if (chunk !== undefined) {
					yield chunk;
				} else if (isOver) {
					return;
				} else {
					await new Promise<void>(resolve => {
						wake = resolve;
					});
				}
			}
		})(),
		write(data: Uint8Array) {
			for (const character of Buffer.from(data).toString('latin1')) {
				if (character !== '\r') {
					line += character;
					say(character);
					continue;
				}

				const [, code] = /^exit ?(\d*)$/.exec(line) ?? [];
				say(`\r\ngot ${line}\r\n> `);
				line = '';
				if (code !== undefined) finish(Number(code || 0));
			}
		},
		end() {},
		resize(columns: number, rows: number) {
			say(`\r\nsize ${columns}x${rows}\r\n> `);
		},
		exit: exit.promise,
		finish,
		close: () => finish(),
	};
}
