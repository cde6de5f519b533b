import {stripControl} from '../core/text/text.ts';
import type {TenderPorts} from './ports.ts';

const timeoutMs = 10_000;
/** Asked again after this. */
const everyMs = 5000;

type Known = {readonly value: number | undefined; readonly askedAtMs: number};

/** Figures that are asked elsewhere, each at most every five seconds; one that is not answered is none. */
export class Metrics {
	readonly #ports: TenderPorts;
	readonly #known = new Map<string, Known>();
	readonly #asked = new Set<string>();

	constructor(ports: TenderPorts) {
		this.#ports = ports;
	}

	/** As it was told last; undefined: not at all, or no longer. */
	get(name: string): number | undefined {
		const {clock, options} = this.#ports;
		const known = this.#known.get(name);
		const source = Object.hasOwn(options.metrics, name) ? options.metrics[name] : undefined;
		const isDue = known === undefined || clock.monotonicMs() - known.askedAtMs >= everyMs;
		if (source !== undefined && isDue && !this.#asked.has(name)) void this.#ask(name, source);
		return known?.value;
	}

	async #ask(name: string, source: string): Promise<void> {
		const {clock, log} = this.#ports;
		const askedAtMs = clock.monotonicMs();
		this.#asked.add(name);
		try {
			this.#known.set(name, {value: await this.#read(source), askedAtMs});
		} catch (error) {
			// Said once, not every five seconds.
			const known = this.#known.get(name);
			if (known === undefined || known.value !== undefined) log(`metric ${name}: ${stripControl(String(error))}`);
			this.#known.set(name, {value: undefined, askedAtMs});
		} finally {
			this.#asked.delete(name);
		}
	}

	async #read(source: string): Promise<number> {
		if (/^https?:\/\//.test(source)) return numberIn(await this.#ports.fetch(source, timeoutMs));
		const {code, output, errors} = await this.#ports.run(source, {}, timeoutMs);
		if (code !== 0) throw new Error(`the command ended with ${code}: ${errors.trim().slice(-300)}`);
		return numberIn(output);
	}
}

/** In the last line that says something. */
export function numberIn(text: string): number {
	const line = text.trim().split('\n').at(-1)?.trim() ?? '';
	const value = Number(line);
	if (line === '' || !Number.isFinite(value) || value < 0) {
		throw new Error(`${JSON.stringify(line.slice(0, 60))} is no number from 0 on`);
	}

	return value;
}
