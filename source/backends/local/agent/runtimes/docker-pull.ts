import {isAbsent} from './docker-client.ts';

type Docker = import('dockerode');

const progressEveryMs = 1000;

/** Pulls what is not there, and tells how far it is. */
export async function need(docker: Docker, image: string, tell: (text: string) => void): Promise<void> {
	try {
		await docker.getImage(image).inspect();
		return;
	} catch (error) {
		if (!isAbsent(error)) {
			throw error;
		}
	}

	tell(`pulls ${image}`);
	const stream = await docker.pull(image.includes(':') || image.includes('@') ? image : `${image}:latest`);
	const layers = new Map<string, {readonly current: number; readonly total: number}>();
	let toldMs = performance.now();
	await new Promise<void>((resolve, reject) => {
		docker.modem.followProgress(
			stream,
			error => (error ? reject(error) : resolve()),
			({id, progressDetail}: {id?: string; progressDetail?: {current?: number; total?: number}}) => {
				if (id !== undefined && progressDetail?.total) {
					layers.set(id, {current: progressDetail.current ?? 0, total: progressDetail.total});
				}

				if (performance.now() - toldMs > progressEveryMs) {
					toldMs = performance.now();
					const sum = (key: 'current' | 'total') => [...layers.values()].reduce((all, layer) => all + layer[key], 0);
					const percent = Math.floor((100 * sum('current')) / Math.max(1, sum('total')));
					tell(`pulls ${image}: ${percent} % of ${layers.size} layers`);
				}
			},
		);
	});
}
