import {createServer} from 'node:net';
import type {PortTest} from './admission.ts';

const answers = {EADDRINUSE: 'taken', EACCES: 'not allowed', EPERM: 'not allowed'} as const;

/** Listens there for a moment. */
export const tryPort: PortTest = (host, port) =>
	new Promise(resolve => {
		const server = createServer();
		server.once('error', error => {
			const {code = ''} = error as NodeJS.ErrnoException;
			resolve(answers[code as keyof typeof answers] ?? 'no such address');
		});
		server.listen({host, port, exclusive: true}, () => server.close(() => resolve(undefined)));
	});
