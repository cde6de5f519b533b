import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {ClusterError} from '../core/error.ts';

export type UnitOptions = {
	/** What starts the daemon. */
	readonly command: readonly string[];
	readonly musterHome: string;
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly platform: string;
};

/** Writes the systemd unit that starts the daemon for a user; answers with its file. */
export function installUserUnit(options: UnitOptions): string {
	const {env, platform} = options;
	if (platform !== 'linux' || !env.HOME) {
		throw new ClusterError(
			'unsupported',
			'the daemon can be started by systemd only, on Linux, for a user with a HOME',
		);
	}

	const folder = path.join(env.XDG_CONFIG_HOME || path.join(env.HOME, '.config'), 'systemd/user');
	const file = path.join(folder, 'muster.service');
	mkdirSync(folder, {recursive: true});
	writeFileSync(file, unitText(options));
	return file;
}

/** Only the daemon belongs to the unit: instances and gateway outlive it. */
export function unitText({command, musterHome, env}: Omit<UnitOptions, 'platform'>): string {
	return `[Unit]
Description=muster, the daemon of the local engine

[Service]
Environment=${quoted(`MUSTER_HOME=${musterHome}`)}
Environment=${quoted(`PATH=${env.PATH ?? ''}`)}
ExecStart=${command.map(word => quoted(word).replaceAll('$', '$$$$')).join(' ')}
KillMode=process
Restart=on-failure
RestartSec=1

[Install]
WantedBy=default.target
`;
}

/** As systemd reads it: % stands for itself only when doubled, and in a command $ too. */
function quoted(word: string): string {
	return `"${word.replace(/["\\]/g, '\\$&').replaceAll('%', '%%')}"`;
}
