import {createInterface} from 'node:readline/promises';
import {Writable} from 'node:stream';

export type Asking = {readonly input: NodeJS.ReadableStream; readonly output: NodeJS.WritableStream};

/** A line from who is at the terminal. `isHidden`: what is typed is not shown. */
export async function ask({input, output}: Asking, question: string, {isHidden = false} = {}): Promise<string> {
	if (isHidden) output.write(question);
	const lines = isHidden
		? createInterface({input, output: nowhere(), terminal: true})
		: createInterface({input, output});
	try {
		return await lines.question(isHidden ? '' : question);
	} finally {
		lines.close();
		if (isHidden) output.write('\n');
	}
}

/** A terminal's echo is off while its lines are read here; what readline would show itself goes here. */
function nowhere(): Writable {
	return new Writable({
		write(_chunk, _encoding, done) {
			done();
		},
	});
}
