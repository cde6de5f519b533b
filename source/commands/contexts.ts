import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {ClusterError} from '../core/error.ts';
import {nearMiss} from '../core/near-miss.ts';
import {stripControl} from '../core/text.ts';
import type {Contexts} from './host.ts';

const comingEngines = ['swarm', 'k8s', 'mesos'];
const local = 'local';

export type ContextOptions = {
	/** The folder of the configuration; the file `context` in it names the one that was chosen for later. */
	readonly config: string;
	/** MUSTER_CONTEXT. */
	readonly fromEnv: string | undefined;
	/** How the local engine is reached. */
	readonly endpoint: string;
};

export function createContexts({config, fromEnv, endpoint}: ContextOptions): Contexts {
	const file = path.join(config, 'context');
	const named: Contexts['named'] = ({context, backend}) => {
		if (context !== undefined && backend !== undefined) {
			throw new ClusterError('usage', '--context and --backend do not go together');
		}

		return context ?? (backend === undefined ? fromEnv || kept(file) || local : contextOf(backend));
	};
	return {
		list: () => [{name: local, engine: local, endpoint}],
		named,
		choose: asked => checked(named(asked)),
		use(name) {
			mkdirSync(config, {recursive: true, mode: 0o700});
			writeFileSync(file, `${name}\n`, {mode: 0o600});
		},
	};
}

function kept(file: string): string {
	try {
		return readFileSync(file, 'utf8').trim();
	} catch {
		return '';
	}
}

function contextOf(backend: string): string {
	if (comingEngines.includes(backend)) {
		throw noEngine(backend);
	}

	if (backend !== local) {
		const engines = [local, ...comingEngines].join(', ');
		throw new ClusterError('usage', `--backend: ${JSON.stringify(stripControl(backend))} is not one of ${engines}`);
	}

	return local;
}

function checked(name: string): string {
	const [engine = ''] = name.split(':');
	if (comingEngines.includes(engine)) {
		throw noEngine(engine);
	}

	if (name !== local) {
		throw new ClusterError('not-found', `there is no context ${JSON.stringify(stripControl(name))}`, {
			hint: nearMiss(name, [local]) === undefined ? 'muster context ls shows what there is' : `did you mean ${local}?`,
		});
	}

	return name;
}

function noEngine(engine: string): ClusterError {
	return new ClusterError('unsupported', `this version of muster has no engine for ${engine}: local is the only one`);
}
