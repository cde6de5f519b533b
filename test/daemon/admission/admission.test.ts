import {expect, test} from 'vitest';
import type {ClusterError} from '../../../source/core/error.ts';
import type {PublishedPort, Service} from '../../../source/core/model/index.ts';
import {admitService} from '../../../source/daemon/admission/admission.ts';
import type {StoreReader} from '../../../source/orchestrator/store/store.ts';
import {aService} from '../../helpers/objects.ts';

// Whether this machine has one or not.
process.env.DOCKER_HOST = 'unix:///no/such/docker.sock';

/** `8080:80` or `80`, which leaves the choice to the gateway. */
function ports(text: string): PublishedPort[] {
	return text.split(' ').map(part => {
		const [target = 0, published = 0] = part.split(':').map(Number).toReversed();
		return {published, target, protocol: 'tcp'};
	});
}

function service(name: string, published: string): Service {
	return aService(name, {status: {...aService(name).status, ports: ports(published)}});
}

const services = [service('web', '8080:80 30001:81'), service('api', '9000:90')];
const store = {
	all: (kind: string) => (kind === 'service' ? services : [{name: 'nodejs'}]),
	byName: (_: string, name: string) => (name === 'nodejs' ? {name} : undefined),
} as unknown as StoreReader;

type Case = {image?: string; ports?: string; of?: string; inUse?: readonly number[]};

async function admit({image, ports: written, of, inUse = []}: Case): Promise<string> {
	const patch = {
		...(image === undefined ? {} : {template: {image}}),
		...(written === undefined ? {} : {ports: ports(written)}),
	};
	const known = services.find(({name}) => name === of);
	try {
		const test = async (_: string, port: number) =>
			port < 1024 ? 'not allowed' : inUse.includes(port) ? 'taken' : undefined;
		return (await admitService(store, patch, known, test))?.join(' ') ?? 'admitted';
	} catch (error) {
		const {code, message, hint} = error as ClusterError;
		return `${code}: ${message} ${hint ?? ''}`.trim();
	}
}

function check(name: string, written: Case, expected: string) {
	test(name, async () => {
		expect(await admit(written)).toBe(expected);
	});
}

check('an image', {image: 'nodejs'}, 'admitted');
check('an image by its prefix', {image: 'image:nodejs'}, 'admitted');
check('no such image', {image: 'zzz'}, 'not-found: There is no image named "zzz". There are: nodejs.');
check('nearly one', {image: 'nodej'}, 'not-found: There is no image named "nodej". Did you mean nodejs?');
check('an executable', {image: 'exec:/bin/sh'}, 'admitted');
check('a relative one', {image: 'exec:sh'}, 'not-found: "sh" cannot be executed: its path must begin with /.');
check('none there', {image: 'exec:/no'}, 'not-found: "/no" cannot be executed: there is no such file.');
check('a folder', {image: 'exec:/tmp'}, 'not-found: "/tmp" cannot be executed: it is not a file.');
check(
	'docker',
	{image: 'docker:x'},
	'unsupported: docker:x: there is no Docker on this machine. Start Docker or Podman, or say where its socket is: DOCKER_HOST=unix:///…',
);

check('a port as asked', {ports: '8081:80'}, '8081');
check('the first free one', {ports: '80'}, '30000');
check('several, none twice', {ports: '80 81 82'}, '30000 30002 30003');
check('passing over what others use', {ports: '80', inUse: [30_000, 30_002]}, '30003');
check('one that is kept', {ports: '81 82', of: 'web'}, '30001 30000');
check('its own again, which the gateway holds', {ports: '8080:80', of: 'web', inUse: [8080]}, '8080');
check('another service’s is left to the orchestrator', {ports: '9000:80', inUse: [9000]}, '9000');
check(
	'in use by a program',
	{ports: '8081:80', inUse: [8081]},
	'conflict: Port 8081 is in use by another program. Choose another port, or leave the choice to the gateway: -p TARGET.',
);
check('not allowed', {ports: '80:80'}, 'conflict: You may not listen on port 80. Choose a port from 1024 on.');
