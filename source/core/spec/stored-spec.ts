import {onlyFile} from '../model/config.ts';
import type {FileData} from '../model/index.ts';
import {also, type Check, flag, optional, type Problem, problem, record, shape, text} from './check.ts';
import {labels} from './labels-check.ts';

/* What the specs of configs, secrets, volumes and networks may hold on the local engine. */

/** Docker's limit is half of it for secrets and about this for configs. */
export const maxFileBytes = 1_048_576;
const maxBase64 = Math.ceil(maxFileBytes / 3) * 4;

const plainText = text(maxFileBytes, 'text', /^[\s\S]*$/);
const base64 = text(maxBase64, 'base64', /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/);

const content: Check = (value, path) =>
	typeof value === 'string' ? plainText(value, path) : shape({base64})(value, path);

/** Here a config is one file. */
const data: Check = also<FileData>(
	record(1, {allowed: onlyFile, pattern: /^data$/}, content),
	(value, path): readonly Problem[] =>
		value[onlyFile] === undefined ? [problem(`${path}.${onlyFile}`, 'text or base64', undefined)] : [],
);

const configSpec = shape({labels, data});
const secretSpec = shape({labels, data: optional(data)});
/** Options are a driver's own, and there is none here. */
const volumeSpec = shape({labels});
const networkSpec = shape({labels, internal: optional(flag), attachable: optional(flag)});

export function checkConfigSpec(value: unknown): readonly Problem[] {
	return configSpec(value, 'spec');
}

export function checkSecretSpec(value: unknown): readonly Problem[] {
	return secretSpec(value, 'spec');
}

export function checkVolumeSpec(value: unknown): readonly Problem[] {
	return volumeSpec(value, 'spec');
}

export function checkNetworkSpec(value: unknown): readonly Problem[] {
	return networkSpec(value, 'spec');
}
