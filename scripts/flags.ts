import {type ParseArgsConfig, parseArgs} from 'node:util';

/** The flags of a script. What is none ends it with a sentence and status 2. */
export function readFlags<const T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
	try {
		return parseArgs(config);
	} catch (error) {
		const known = Object.keys(config.options ?? {}).map(name => `--${name}`);
		return refuse(`${(error as Error).message.replace(/\.?$/, '.')} There are ${known.join(', ')}.`);
	}
}

/** The whole number from 0 that a flag was given. */
export function countOf(flag: string, text: string): number {
	return /^\d{1,9}$/.test(text)
		? Number(text)
		: refuse(`--${flag} takes a whole number, found ${JSON.stringify(text)}.`);
}

function refuse(text: string): never {
	process.stderr.write(`${text}\n`);
	process.exit(2);
}
