/** Gives the terminal away until the promise resolves: its screen, its keys and its modes. What Ink hands out. */
export type Suspend = (use: () => Promise<void>) => Promise<void>;

/** The terminal as the dashboard needs it, and as it was. */
export const modesOn = '\u{1B}[?7l';
export const modesOff = '\u{1B}[?7h';

/** Presses, releases and the wheel of a mouse are told, and in a way that has no limit on columns. */
const mouseOn = '\u{1B}[?1000h\u{1B}[?1006h';
const mouseOff = '\u{1B}[?1000l\u{1B}[?1006l';

/** What a program that ended badly may have left: colours, a scroll region, application keys, a mouse that tells. */
const mended = '\u{1B}[0m\u{1B}[r\u{1B}[?6l\u{1B}[?1l\u{1B}>\u{1B}[?1000l\u{1B}[?1002l\u{1B}[?1003l\u{1B}[?1006l';

/** Whom the terminal belongs to: the dashboard, or for a while a shell, an editor, another program. */
export class Terminal {
	readonly #stdin: Pick<NodeJS.ReadStream, 'pause'> | undefined;
	readonly #stdout: Pick<NodeJS.WriteStream, 'write'> | undefined;
	#suspend: Suspend | undefined;
	#lines: () => readonly string[] = () => [];
	#isGiven = false;
	#hasMouse = false;

	constructor(streams?: {
		readonly stdin: Pick<NodeJS.ReadStream, 'pause'>;
		readonly stdout: Pick<NodeJS.WriteStream, 'write'>;
	}) {
		this.#stdin = streams?.stdin;
		this.#stdout = streams?.stdout;
	}

	/** Somebody else has it: its keys and signals are not the dashboard's. */
	get isGiven(): boolean {
		return this.#isGiven;
	}

	/** Whether the mouse is the dashboard's; otherwise it is the terminal's own, which selects text. */
	get hasMouse(): boolean {
		return this.#hasMouse;
	}

	set hasMouse(hasMouse: boolean) {
		if (hasMouse !== this.#hasMouse) {
			this.#hasMouse = hasMouse;
			this.write(hasMouse ? mouseOn : mouseOff);
		}
	}

	/** The screen is there, shows these lines, and can be given away from now on. */
	ready(suspend: Suspend, lines: () => readonly string[]): void {
		this.#suspend = suspend;
		this.#lines = lines;
	}

	/** As it shows them. */
	get lines(): readonly string[] {
		return this.#lines();
	}

	/** Gives it to `use` and takes it back whatever comes of that. One at a time. */
	async handOver<T>(use: () => Promise<T>): Promise<T> {
		if (this.#isGiven) {
			throw new Error('Broken invariant: the terminal is given away once');
		}

		this.#isGiven = true;
		try {
			return this.#suspend === undefined ? await use() : await this.#given(this.#suspend, use);
		} finally {
			this.#isGiven = false;
		}
	}

	/** Past the frames: what a terminal takes without showing anything. */
	write(sequence: string): void {
		this.#stdout?.write(sequence);
	}

	async #given<T>(suspend: Suspend, use: () => Promise<T>): Promise<T> {
		let result: {readonly value: T} | undefined;
		await suspend(async () => {
			this.write(modesOff + (this.#hasMouse ? mouseOff : ''));
			await this.#stopReading();
			try {
				result = {value: await use()};
			} finally {
				// A pause takes effect a tick later: not after Ink has begun to read again.
				await this.#stopReading();
				this.write(mended + modesOn + (this.#hasMouse ? mouseOn : ''));
			}
		});
		return (result as unknown as {readonly value: T}).value;
	}

	/**
	 * Ink listens no more, but what it asked the terminal for is still coming: the first keys would be lost to us. A stream
	 * sees a tick late that nobody listens, and stops reading another one after it was paused.
	 */
	async #stopReading(): Promise<void> {
		await tick();
		this.#stdin?.pause();
		await tick();
		await tick();
	}
}

function tick(): Promise<void> {
	return new Promise(resolve => {
		process.nextTick(resolve);
	});
}
