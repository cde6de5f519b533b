import {readFileSync, readlinkSync} from 'node:fs';
import path from 'node:path';
import {readEnvironment} from '../../source/backends/local/system/process-identity.ts';
import type {Service} from '../../source/core/model/index.ts';
import type {Command} from './actions.ts';
import type {Answer, EngineState} from './engine.ts';
import {type Flight, Flights} from './flights.ts';
import type {FoundProcess} from './processes.ts';

/** What instances read and write: contents of configs and secrets, and a file in a volume that each of them adds to. */
export class KeptFiles {
	readonly #flights = new Flights();
	/** By kind and name: what may have been done last. */
	readonly #contents = new Map<string, string[]>();
	/** Lines of the file in the volume that were seen at rest. */
	#written: readonly string[] = [];

	/** The answer ends it. */
	asked({content}: Command): Flight | undefined {
		return content && this.#flights.start(keyOf(content), content.text);
	}

	answered({content}: Command, {code}: Answer, flight: Flight | undefined): void {
		if (content === undefined || flight === undefined) return;
		this.#flights.end(flight);
		const key = keyOf(content);
		const could = [content.text, ...flight.others];
		if (code === 0) this.#contents.set(key, could);
		else if (code === 5 || code === null) this.#contents.set(key, [...(this.#contents.get(key) ?? []), ...could]);
	}

	/** At rest: instances that read something else than what was acknowledged, and what was written and is lost. */
	problems(processes: readonly FoundProcess[], {services, files}: Pick<EngineState, 'services' | 'files'>): string[] {
		const newest = new Map(files.map(file => [keyOf(file), file.version]));
		return processes.flatMap(process => {
			const service = services.find(({name}) => name === process.instance?.service);
			return process.role !== 'instance' || service === undefined
				? []
				: [...this.#misread(process, service, newest), ...this.#lost(process, service)];
		});
	}

	/** What was cut short has come about or not: what is read now is what there is. */
	settle(processes: readonly FoundProcess[]): void {
		for (const {pid, role} of processes) {
			const environment = (role === 'instance' && readEnvironment(pid)) || {};
			for (const [key, contents] of this.#contents) {
				const found = readIn(environment, key);
				if (contents.length > 1 && found !== undefined) this.#contents.set(key, [found]);
			}

			this.#written = linesOf(pid) ?? this.#written;
		}
	}

	#misread(
		{pid, instance}: FoundProcess,
		{spec, rollout}: Service,
		newest: ReadonlyMap<string, number | undefined>,
	): string[] {
		const {configs = [], secrets = []} = spec.template;
		const keys = [
			...configs.map(file => ({...file, key: `config ${file.source}`})),
			...secrets.map(file => ({...file, key: `secret ${file.source}`})),
		]
			// Who went back to a version of before, by itself or when told to, keeps what was read then.
			.filter(({key, version}) => version === undefined || version === newest.get(key))
			.map(({key}) => key);
		// An update that is held keeps the old content on purpose.
		const environment = rollout?.state === 'paused' ? undefined : readEnvironment(pid);
		return keys.flatMap(key => {
			const could = this.#contents.get(key);
			const found = environment && readIn(environment, key);
			return environment === undefined || could === undefined || (found !== undefined && could.includes(found))
				? []
				: [`${instance?.name} reads ${JSON.stringify(found)} as ${key}, not ${could.join(' or ')}`];
		});
	}

	#lost({pid, instance}: FoundProcess, {spec}: Service): string[] {
		const isMounted = spec.template.mounts?.some(({type}) => type === 'volume');
		const lines = isMounted ? linesOf(pid) : undefined;
		if (lines === undefined) return isMounted ? [`${instance?.name} has no file in its volume`] : [];
		return [instance?.id ?? '', ...this.#written]
			.filter(line => !lines.includes(line))
			.map(line => `the volume of ${instance?.name} lacks ${line}`);
	}
}

function keyOf({kind, name}: {readonly kind: string; readonly name: string}): string {
	return `${kind} ${name}`;
}

function readIn(environment: Readonly<Record<string, string>>, key: string): string | undefined {
	const [kind, name = ''] = key.split(' ');
	const folder = environment[kind === 'config' ? 'MUSTER_CONFIGS' : 'MUSTER_SECRETS'];
	return folder === undefined ? undefined : read(path.join(folder, name));
}

/** Every instance that mounts the volume has written its id there. */
function linesOf(pid: number): string[] | undefined {
	try {
		return read(path.join(readlinkSync(`/proc/${pid}/cwd`), 'data', 'seen'))
			?.trimEnd()
			.split('\n');
	} catch {
		return undefined;
	}
}

function read(file: string): string | undefined {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		return undefined;
	}
}
