import {spawn} from 'node:child_process';
import {createInterface} from 'node:readline';

/** Runs Node with these arguments, and tells each line that it writes. Answers with its exit status; null: it was killed. */
export async function runWorker(args: readonly string[], tell: (line: string) => void): Promise<number | null> {
	const child = spawn(process.execPath, args, {stdio: ['ignore', 'pipe', 'inherit']});
	const ended = new Promise<number | null>(resolve => {
		child.once('close', resolve);
	});
	for await (const line of createInterface({input: child.stdout})) tell(line);
	return ended;
}
