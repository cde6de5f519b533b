/** What a mouse did, and where: row and column count from 0. */
export type MouseReport = {
	readonly type: 'click' | 'mark' | 'wheel-up' | 'wheel-down';
	readonly row: number;
	readonly column: number;
};

/** `ESC [ < BUTTON ; COLUMN ; ROW M`, with `m` where the button goes up. */
const report = /\x1b\[<(\d{1,5});(\d{1,5});(\d{1,5})([Mm])/g;
/** The beginning of one whose rest has not been read yet. */
const unfinished = /\x1b\[(?:<[\d;]{0,17})?$/;

/** Takes the reports of a mouse out of what a terminal sends; keys are left as they are. */
export class MouseReports {
	#rest = '';

	/** What was read now → what are keys of it. A report that comes in pieces waits for its end. */
	take(chunk: string, tell: (report: MouseReport) => void): string {
		const text = this.#rest + chunk;
		const end = unfinished.exec(text);
		this.#rest = end?.[0] ?? '';
		return text
			.slice(0, text.length - this.#rest.length)
			.replaceAll(report, (_, button: string, column: string, row: string, end: string) => {
				const type = typeOf(Number(button), end === 'm');
				if (type !== undefined) {
					tell({type, row: Number(row) - 1, column: Number(column) - 1});
				}

				return '';
			});
	}
}

/** Bits of a button: 4 shift, 8 alt, 16 ctrl, 32 moved, 64 the wheel. */
function typeOf(bits: number, isUp: boolean): MouseReport['type'] | undefined {
	const button = bits & 3;
	if ((bits & 64) !== 0) {
		return button === 0 ? 'wheel-up' : button === 1 ? 'wheel-down' : undefined;
	}

	if (isUp || (bits & 32) !== 0) {
		return undefined;
	}

	const isMark = button === 2 || (button === 0 && (bits & 16) !== 0);
	return isMark ? 'mark' : button === 0 ? 'click' : undefined;
}

/** A terminal's input without the reports, for whoever reads keys from it. */
export function withoutMouse(stdin: NodeJS.ReadStream, tell: (report: MouseReport) => void): NodeJS.ReadStream {
	const reports = new MouseReports();
	const read = (size?: number) => {
		const chunk: unknown = stdin.read(size);
		return chunk === null ? null : reports.take(String(chunk), tell);
	};
	return new Proxy(stdin, {
		get(target, name) {
			const value: unknown = Reflect.get(target, name, target);
			return name === 'read' ? read : typeof value === 'function' ? value.bind(target) : value;
		},
	});
}
