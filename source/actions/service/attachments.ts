import {ClusterError} from '../../core/error.ts';
import type {FileAttachment, Mount, NetworkAttachment} from '../../core/model/index.ts';
import {signalName, signals} from '../../core/signals.ts';
import {exactBytes, parseBytes} from '../../core/text/units.ts';
import type {Field} from '../action.ts';
import {refuse} from '../fields/fields.ts';
import {readParts, switchOf, writeParts} from '../fields/parts.ts';

/* Docker's ways to write networks, mounts, configs and secrets: a word, or `key=value,key=value`. */

const networkText = 'a network: NAME, or name=NAME[,alias=NAME]';

export function parseNetwork(found: string): NetworkAttachment {
	if (!found.includes('=')) {
		return {network: found};
	}

	const parts = readParts(found, {name: [], alias: []}, networkText);
	const network = parts.get('name');
	if (network === undefined) {
		throw refuse(found, networkText);
	}

	const aliases = parts.get('alias')?.split(',');
	return {network, ...(aliases && {aliases})};
}

export function formatNetwork({network, aliases = []}: NetworkAttachment): string {
	return aliases.length === 0 ? network : [`name=${network}`, ...aliases.map(alias => `alias=${alias}`)].join(',');
}

const mountText =
	'a mount: type=volume,source=NAME,target=PATH[,readonly][,per-slot], type=bind,source=PATH,target=PATH[,readonly] or type=tmpfs,target=PATH[,tmpfs-size=BYTES]';
const mountKeys = {
	type: [],
	source: ['src'],
	target: ['dst', 'destination'],
	readonly: ['ro'],
	'per-slot': [],
	'tmpfs-size': [],
};

export function parseMount(found: string): Mount {
	const parts = readParts(found, mountKeys, mountText);
	const type = parts.get('type') ?? 'volume';
	const target = parts.get('target');
	if (target === undefined || (type !== 'volume' && type !== 'bind' && type !== 'tmpfs')) {
		throw refuse(found, mountText);
	}

	const source = parts.get('source');
	const size = parts.get('tmpfs-size');
	return {
		type,
		...(source !== undefined && {source}),
		target,
		...(switchOf(parts, 'readonly', found) && {readOnly: true}),
		...(switchOf(parts, 'per-slot', found) && {perSlot: true}),
		...(size !== undefined && {sizeBytes: parseBytes(size)}),
	};
}

export function formatMount({type, source, target, readOnly, perSlot, sizeBytes}: Mount): string {
	const size = sizeBytes === undefined ? undefined : exactBytes(sizeBytes);
	return writeParts({type, source, target, readonly: readOnly, 'per-slot': perSlot, 'tmpfs-size': size});
}

const fileText =
	'NAME, or source=NAME[,key=FILE][,target=PATH][,mode=0440][,uid=USER][,gid=GROUP][,version=N][,on-change=update|none|SIGNAL]';
const fileKeys = {source: ['src'], key: [], target: ['dst'], mode: [], uid: [], gid: [], version: [], 'on-change': []};

export function parseFile(found: string): FileAttachment {
	if (!found.includes('=')) {
		return {source: found};
	}

	const parts = readParts(found, fileKeys, fileText);
	const source = parts.get('source');
	const mode = parts.get('mode');
	const version = parts.get('version');
	if (source === undefined || (mode !== undefined && !/^[0-7]{3,4}$/.test(mode)) || !/^\d*$/.test(version ?? '')) {
		throw refuse(found, fileText);
	}

	const given = (key: 'key' | 'target' | 'uid' | 'gid') => parts.has(key) && {[key]: parts.get(key)};
	return {
		source,
		...given('key'),
		...given('target'),
		...(mode !== undefined && {mode: Number.parseInt(mode, 8)}),
		...given('uid'),
		...given('gid'),
		...(version !== undefined && {version: Number(version)}),
		...(parts.has('on-change') && {onChange: changeOf(parts.get('on-change') ?? '')}),
	};
}

function changeOf(found: string): NonNullable<FileAttachment['onChange']> {
	if (found === 'update' || found === 'none') {
		return found;
	}

	const signal = signalName(found);
	if (!signals.includes(signal)) {
		throw refuse(found, 'what on-change can be: update, none, or a signal such as HUP');
	}

	return signal as `SIG${string}`;
}

export function formatFile(file: FileAttachment): string {
	const {source, key, target, mode, uid, gid, version, onChange} = file;
	const octal = mode === undefined ? undefined : `0${mode.toString(8).padStart(3, '0')}`;
	const isPlain = [key, target, mode, uid, gid, version, onChange].every(value => value === undefined);
	return isPlain ? source : writeParts({source, key, target, mode: octal, uid, gid, version, 'on-change': onChange});
}

export function network(help: string): Field<NetworkAttachment> {
	return {help, placeholder: 'NETWORK', parse: parseNetwork, format: formatNetwork};
}

export function mount(help: string): Field<Mount> {
	return {help, placeholder: 'MOUNT', parse: parseMount, format: formatMount};
}

export function file(help: string, placeholder: string): Field<FileAttachment> {
	return {help, placeholder, parse: parseFile, format: formatFile};
}

/** How a list of a template changes: given ones take the place of those with the same key; `removed` names keys. */
type ListChange<T> = {
	readonly flag: string;
	readonly key: (entry: T) => string;
	readonly given?: readonly T[] | undefined;
	readonly added?: readonly T[] | undefined;
	readonly removed?: readonly string[] | undefined;
};

/** The whole new list; undefined where nothing was asked. Throws `usage` for what is to go and is not there. */
export function changedList<T>(present: readonly T[] = [], change: ListChange<T>): readonly T[] | undefined {
	const {flag, key, given = [], added = [], removed = []} = change;
	if (given.length + added.length + removed.length === 0) {
		return undefined;
	}

	const missing = removed.find(name => !present.some(entry => key(entry) === name));
	if (missing !== undefined) {
		const known = present.map(entry => key(entry)).join(', ') || 'none';
		throw new ClusterError('usage', `--${flag}-rm: there is no ${JSON.stringify(missing)}; there are: ${known}`);
	}

	const kept = present.filter(entry => !removed.includes(key(entry)));
	return [...new Map([...kept, ...given, ...added].map(entry => [key(entry), entry])).values()];
}
