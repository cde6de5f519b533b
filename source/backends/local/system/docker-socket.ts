import {existsSync} from 'node:fs';

const usual = ['/var/run/docker.sock', '/run/podman/podman.sock'];

/** Where Docker's API (Podman's is the same) can be asked; undefined: nowhere. */
export function dockerSocket(env: Readonly<Record<string, string | undefined>>): string | undefined {
	const named = /^unix:\/\/(\/.*)$/.exec(env.DOCKER_HOST ?? '')?.[1];
	return (named === undefined ? usual : [named]).find(file => existsSync(file));
}
