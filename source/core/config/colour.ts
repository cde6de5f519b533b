/** How a piece of text looks: escape codes that open, and those that close just what they opened. */
export type Codes = readonly [open: string, close: string];

const names = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];
const styles: Readonly<Record<string, Codes>> = {
	bold: ['1', '22'],
	dim: ['2', '22'],
	italic: ['3', '23'],
	underline: ['4', '24'],
	inverse: ['7', '27'],
};

export const colourHelp =
	'words of bold, dim, italic, underline, inverse, a colour, and `on` a colour; a colour is black, red, green, yellow, blue, magenta, cyan, white, one of these with bright-, a number from 0 to 255, or #rrggbb; plain is none of it';

/** `bold red on #202020` → codes; a text that is none → why. */
export function parseLook(text: string): readonly Codes[] | string {
	const codes: Codes[] = [];
	let isBackground = false;
	for (const word of text.trim().split(/\s+/)) {
		if (word === 'plain') {
			continue;
		}

		if (word === 'on') {
			isBackground = true;
			continue;
		}

		const style = styles[word];
		const code = style ?? colourCodes(word, isBackground);
		if (code === undefined) {
			return `${JSON.stringify(word)} is not known: a look is made of ${colourHelp}`;
		}

		codes.push(code);
	}

	return codes;
}

function colourCodes(word: string, isBackground: boolean): Codes | undefined {
	const close = isBackground ? '49' : '39';
	const base = isBackground ? 40 : 30;
	const index = names.indexOf(word.replace(/^bright-/, ''));
	if (index !== -1) {
		return [String(base + index + (word.startsWith('bright-') ? 60 : 0)), close];
	}

	const [, red, green, blue] = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(word) ?? [];
	if (red !== undefined && green !== undefined && blue !== undefined) {
		return [`${base + 8};2;${[red, green, blue].map(part => Number.parseInt(part, 16)).join(';')}`, close];
	}

	return /^\d{1,3}$/.test(word) && Number(word) <= 255 ? [`${base + 8};5;${Number(word)}`, close] : undefined;
}
