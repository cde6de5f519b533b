/** A line in the process's log, which is its stderr. */
export function log(message: string): void {
	process.stderr.write(`${new Date().toISOString()} ${message}\n`);
}
