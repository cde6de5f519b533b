import type {Random} from '../../source/core/model/id.ts';

/** The text of a cluster for `readCluster`: mixed nodes, and services whose slots run, wait, stop or have failed; one per seed. */
export function randomCluster(random: Random): string {
	const below = (limit: number) => Math.floor(random() * limit);
	const oneOf = <T>(items: readonly T[]) => items[below(items.length)] as T;
	const chance = (share: number, text: string) => (random() < share ? ` ${text}` : '');

	const nodes = Array.from({length: 1 + below(16)}, (_, index) => {
		const state = random() < 0.75 ? 'ready' : oneOf(['cordoned', 'draining', 'down', 'unknown', 'fencing', 'removing']);
		return (
			`node n${index} ${state} cpus ${oneOf([1, 2, 4, 8])} memory ${oneOf([1, 2, 4, 8])}GiB` +
			chance(0.8, `zone=${oneOf(['a', 'b', 'c'])}`) +
			chance(0.6, `rack=${below(3)}`) +
			chance(0.4, `machine box${below(2)}`)
		);
	});
	const services = Array.from({length: 1 + below(5)}, (_, index) => {
		const mode = random() < 0.15 ? 'global' : `replicas ${below(26)}`;
		return (
			`service s${index} ${mode} version ${1 + below(2)}` +
			chance(0.5, `reserve cpus ${oneOf(['0.1', '0.25', '1', '3'])}`) +
			chance(0.3, `reserve memory ${oneOf([64, 512, 1500])}MiB`) +
			chance(0.3, `constraint node.labels.zone${oneOf(['==', '!='])}${oneOf(['a', 'b'])}`) +
			chance(0.5, `prefer spread=node.labels.${oneOf(['zone', 'rack'])}`) +
			chance(0.4, `prefer spread=node.labels.${oneOf(['zone', 'rack'])}`) +
			chance(0.2, `max-per-node ${1 + below(3)}`)
		);
	});
	const instances = services.flatMap((service, index) => {
		const [, version = '1'] = /version (\d+)/.exec(service) ?? [];
		const [, replicas = '12'] = /replicas (\d+)/.exec(service) ?? [];
		const failing = random() < 0.3 ? 0.6 : 0.15;
		return Array.from({length: Number(replicas)}, (_, serial) => {
			const node = `n${below(nodes.length)}`;
			const name = service.includes(' global') ? `s${index}.${node}` : `s${index}.${1 + serial}`;
			const place = service.includes(' global') ? '' : ` on ${node}`;
			const state = random();
			// Failures gather on few nodes, so that some nodes get a bad name.
			const failedOn = service.includes(' global') ? '' : ` on n${below(Math.min(2, nodes.length))}`;
			const words =
				state < failing
					? `failed${failedOn} at ${100 + below(200)}s`
					: state < failing + 0.15
						? `running${place}`
						: state < failing + 0.2
							? `running stopping "scaled down"${place}`
							: `at ${300 + below(3)}s`;
			return `instance ${name} id i${index}-${serial} version ${version} ${words}`;
		});
	});
	const machines = ['machine box0 cpus 8 memory 8GiB', 'machine box1 cpus 2 memory 4GiB'];
	return [`at ${310 + below(190)}s`, ...machines, ...nodes, ...services, ...instances].join('\n');
}
