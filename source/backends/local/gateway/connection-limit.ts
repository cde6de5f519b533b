import {readFileSync} from 'node:fs';

/** Of all services together; who comes beyond that is reset. */
export const maxConnections = 10_000;

/** What listens, logs and speaks with the daemon. */
const ownFiles = 32;

/** How many clients may be connected at a time: each needs two of the files that the system allows this process. Were all of
 *  them taken by clients, none of these could be led on. */
export function connectionLimit(files: number | undefined): number {
	return files === undefined
		? maxConnections
		: Math.max(1, Math.min(maxConnections, Math.floor((files - ownFiles) / 2)));
}

/** As the system says; undefined: it does not, or there is no limit. Node has raised it as far as it may. */
export function filesAllowed(): number | undefined {
	try {
		const [, found] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
		return found === undefined ? undefined : Number(found);
	} catch {
		return undefined;
	}
}
