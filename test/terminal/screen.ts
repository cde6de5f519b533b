import xterm from '@xterm/headless';

export type Size = {readonly columns: number; readonly rows: number};

type Modes = Readonly<Record<'showsCursor' | 'wraps' | 'bracketsPaste' | 'hasMouse', boolean>>;

/** What a person would see: a terminal emulator that escape codes are played into. */
export class Screen {
	readonly #terminal: InstanceType<typeof xterm.Terminal>;
	/** All that was written, for looks at what was sent. */
	bytes = 0;
	#showsCursor = true;

	constructor({columns, rows}: Size) {
		this.#terminal = new xterm.Terminal({cols: columns, rows, allowProposedApi: true, scrollback: 0, convertEol: true});
	}

	feed(data: string | Uint8Array): void {
		this.bytes += Buffer.byteLength(data);
		const [last] = String(data).match(/\x1b\[\?25[hl](?!.*\x1b\[\?25[hl])/s) ?? [];
		this.#showsCursor = last === undefined ? this.#showsCursor : last.endsWith('h');
		this.#terminal.write(data);
	}

	/** After all that was fed until now. */
	async settled(): Promise<void> {
		await new Promise<void>(resolve => {
			this.#terminal.write('', resolve);
		});
	}

	resize({columns, rows}: Size): void {
		this.#terminal.resize(columns, rows);
	}

	/** The visible lines, without the spaces at their ends. */
	get lines(): readonly string[] {
		const {active} = this.#terminal.buffer;
		return Array.from(
			{length: this.#terminal.rows},
			(_, row) => active.getLine(active.baseY + row)?.translateToString(true) ?? '',
		);
	}

	/** What stands in each column of a row: of a character that takes two, the second is empty. */
	cells(row: number): readonly string[] {
		const {active} = this.#terminal.buffer;
		const line = active.getLine(active.baseY + row);
		return Array.from({length: this.#terminal.cols}, (_, column) => {
			const cell = line?.getCell(column);
			return cell === undefined || cell.getWidth() === 0 ? '' : cell.getChars() || ' ';
		});
	}

	get text(): string {
		return this.lines.join('\n');
	}

	/** Whether a full-screen program has the terminal. */
	get isAlternate(): boolean {
		return this.#terminal.buffer.active.type === 'alternate';
	}

	/** Whether a cell's colours are the other way round. */
	isInverse(row: number, column: number): boolean {
		const {active} = this.#terminal.buffer;
		return Boolean(
			active
				.getLine(active.baseY + row)
				?.getCell(column)
				?.isInverse(),
		);
	}

	/** The modes that a program must set back: the cursor shown, lines wrapped, no bracketed paste, no mouse. */
	get modes(): Modes {
		const {wraparoundMode, bracketedPasteMode, mouseTrackingMode} = this.#terminal.modes;
		return {
			showsCursor: this.#showsCursor,
			wraps: wraparoundMode,
			bracketsPaste: bracketedPasteMode,
			hasMouse: mouseTrackingMode !== 'none',
		};
	}

	/** Whether it is as a program that has left must leave it. */
	get isRestored(): boolean {
		const {showsCursor, wraps, bracketsPaste, hasMouse} = this.modes;
		return !this.isAlternate && showsCursor && wraps && !bracketsPaste && !hasMouse;
	}

	/** How each line is painted: `1-6 bold, 17 fg2`, columns counted from 0; what is not painted is left out. */
	get paint(): readonly string[] {
		return this.lines.map((_, row) => this.#paintOf(row));
	}

	#paintOf(row: number): string {
		const {active} = this.#terminal.buffer;
		const line = active.getLine(active.baseY + row);
		const spans: Array<{style: string; from: number; to: number}> = [];
		for (let column = 0; column < this.#terminal.cols; column++) {
			const cell = line?.getCell(column);
			const style = cell === undefined ? '' : styleOf(cell);
			const last = spans.at(-1);
			if (last?.style === style) {
				last.to = column;
			} else {
				spans.push({style, from: column, to: column});
			}
		}

		const shown = spans.filter(({style}) => style !== '');
		return shown.map(({style, from, to}) => `${from === to ? from : `${from}-${to}`} ${style}`).join(', ');
	}

	/** How a cell is painted: colours by number, `default` for none. */
	style(
		row: number,
		column: number,
	): {readonly bold: boolean; readonly colour: number | 'default'; readonly background: number | 'default'} {
		const {active} = this.#terminal.buffer;
		const cell = active.getLine(active.baseY + row)?.getCell(column);
		return {
			bold: Boolean(cell?.isBold()),
			colour: !cell || cell.isFgDefault() ? 'default' : cell.getFgColor(),
			background: !cell || cell.isBgDefault() ? 'default' : cell.getBgColor(),
		};
	}
}

type Cell = NonNullable<ReturnType<NonNullable<ReturnType<xterm.IBuffer['getLine']>>['getCell']>>;

function styleOf(cell: Cell): string {
	return [
		cell.isBold() ? 'bold' : '',
		cell.isDim() ? 'dim' : '',
		cell.isItalic() ? 'italic' : '',
		cell.isUnderline() ? 'underline' : '',
		cell.isInverse() ? 'inverse' : '',
		cell.isFgDefault() ? '' : `fg${cell.getFgColor()}`,
		cell.isBgDefault() ? '' : `bg${cell.getBgColor()}`,
	]
		.filter(Boolean)
		.join(' ');
}

const named: Readonly<Record<string, string>> = {
	enter: '\r',
	esc: '\x1b',
	tab: '\t',
	backspace: '\x7f',
	up: '\x1b[A',
	down: '\x1b[B',
	right: '\x1b[C',
	left: '\x1b[D',
	home: '\x1b[H',
	end: '\x1b[F',
	pgup: '\x1b[5~',
	pgdn: '\x1b[6~',
	delete: '\x1b[3~',
	space: ' ',
	'shift-tab': '\x1b[Z',
	'shift-up': '\x1b[1;2A',
	'shift-down': '\x1b[1;2B',
	'shift-right': '\x1b[1;2C',
	'shift-left': '\x1b[1;2D',
	'ctrl-space': '\x00',
};

/** What a mouse with SGR reports sends: row and column count from 0. */
export function mouseBytes(button: number, row: number, column: number, isUp = false): string {
	return `\x1b[<${button};${column + 1};${row + 1}${isUp ? 'm' : 'M'}`;
}

/** A key's name as muster writes it → what a terminal sends for it. */
export function keyBytes(key: string): string {
	const [, character] = /^ctrl-([a-z\\])$/.exec(key) ?? [];
	return character === undefined ? (named[key] ?? key) : String.fromCodePoint((character.codePointAt(0) ?? 0) & 0x1f);
}
