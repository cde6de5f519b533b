import type {IncomingMessage} from 'node:http';
import type {TLSSocket} from 'node:tls';
import {type AccessEntry, mayAct} from '../../core/access.ts';
import {ClusterError} from '../../core/error.ts';
import type {Gate} from '../api/server.ts';
import type {AccessBoard} from './access-board.ts';
import type {AccessLog} from './access-log.ts';
import {routeRoles} from './route-roles.ts';

/** Stands before every request by TCP: who asks, may they, and a line in the log where it changes something or was refused. */
export function createGate(board: AccessBoard, log: AccessLog, now: () => number): Gate {
	return {
		admit(request, route) {
			const entry = whoAsks(board, request, now());
			const wanted = routeRoles[route];
			if (wanted === undefined) {
				throw new ClusterError('unsupported', `The daemon does not know ${route}.`);
			}

			if (!mayAct(entry.role, wanted)) {
				throw new ClusterError('not-allowed', `this takes the role ${wanted}, and ${entry.name} is ${entry.role}`, {
					hint: 'An admin of that daemon can give another role: muster access rm, and create.',
				});
			}

			const {name, role} = entry;
			return {isRecorded: wanted !== 'viewer', asker: {name, role}};
		},
		record: (request, route, asked, failed) => {
			const entry = board.find(fingerprintOf(request) ?? '');
			log.record({
				who: `${entry?.name ?? 'unknown'} (${entry?.role ?? 'no access'}) from ${request.socket.remoteAddress ?? '?'}`,
				route,
				asked,
				failed,
			});
		},
	};
}

function whoAsks(board: AccessBoard, request: IncomingMessage, now: number): AccessEntry {
	const entry = board.find(fingerprintOf(request) ?? '');
	if (!entry) {
		throw new ClusterError('not-allowed', 'this certificate has no access here (any more)', {
			hint: 'An admin of that daemon can give a new one: muster access rotate.',
		});
	}

	if (entry.expiresAt <= now) {
		throw new ClusterError('not-allowed', `the certificate of ${entry.name} has expired`, {
			hint: `A new one: muster access rotate ${entry.name}`,
		});
	}

	return entry;
}

function fingerprintOf({socket}: IncomingMessage): string | undefined {
	return (socket as TLSSocket).getPeerX509Certificate?.()?.fingerprint256;
}
