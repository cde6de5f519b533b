import type {Backend, Patch, Session} from '../../../source/core/backend.ts';
import type {Instance, Service, ServiceSpec} from '../../../source/core/model/index.ts';
import {until as untilTrue} from '../../helpers/local-engine.ts';
import {docker} from './live-swarm.ts';

export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
	await untilTrue(condition, Boolean, 80_000).catch(cause => {
		throw new Error(`${what} has not come about`, {cause});
	});
}

/** What tests do with a swarm over and over; what they make is removed after each. */
export class EngineUse {
	/** Set before the first test. */
	backend!: Backend;
	readonly made: Array<['service' | 'network' | 'volume' | 'config' | 'secret', string]> = [];

	async removeMade(): Promise<void> {
		for (const [kind, name] of this.made.toReversed()) {
			await until(`${kind} ${name} is gone`, async () => {
				await this.backend.remove({kind, name}, {}).catch(() => {});
				return (await this.backend.list({kind, name})).items.length === 0;
			});
		}

		this.made.length = 0;
	}

	async create(name: string, patch: Patch<ServiceSpec>): Promise<Service> {
		this.made.push(['service', name]);
		return this.backend.apply({kind: 'service', name}, patch, {create: true});
	}

	async instances(name: string, history = false): Promise<readonly Instance[]> {
		const {items} = await this.backend.list({kind: 'service', name});
		return items[0] === undefined
			? []
			: (await this.backend.list({kind: 'instance', serviceId: items[0].id, history})).items;
	}

	/** Once so many run, by their slots. */
	async running(name: string, count: number): Promise<readonly Instance[]> {
		let found: readonly Instance[] = [];
		await until(`${name} runs ${count}`, async () => {
			found = (await this.instances(name)).filter(({status}) => status.state === 'running');
			return found.length === count;
		});
		return found.toSorted((a, b) => a.slot - b.slot);
	}

	async service(name: string): Promise<Service> {
		const {items} = await this.backend.list({kind: 'service', name});
		if (items[0] === undefined) throw new Error(`there is no ${name}`);
		return items[0];
	}
}

/** As docker tells it. */
export async function inspect<T>(name: string, format: string): Promise<T> {
	return JSON.parse(await docker('service', 'inspect', name, '--format', `{{json ${format}}}`)) as T;
}

/** All that a session said, and how it ended. */
export async function said(
	session: Session | undefined,
): Promise<{stdout: string; stderr: string; exit: number | undefined}> {
	const output = {stdout: '', stderr: ''};
	for await (const {stream, data} of session?.output ?? []) output[stream] += Buffer.from(data).toString();
	return {...output, exit: await session?.exit};
}
