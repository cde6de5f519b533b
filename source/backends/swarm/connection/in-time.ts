/** The answer, if it comes within so long; rejects as a connection does that is given up. */
export async function inTime<T>(answer: Promise<T>, withinMs: number): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		const error = Object.assign(new Error(`no answer within ${withinMs / 1000} s`), {code: 'ETIMEDOUT'});
		timer = setTimeout(() => reject(error), withinMs);
	});
	try {
		return await Promise.race([answer, late]);
	} finally {
		clearTimeout(timer);
	}
}
