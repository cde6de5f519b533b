import type {FileAttachment, Mount, NetworkAttachment} from '../model/index.ts';
import {signals} from '../signals.ts';
import {
	also,
	bytes,
	type Check,
	flag,
	integer,
	list,
	oneOf,
	optional,
	type Problem,
	problem,
	shape,
	text,
} from './check.ts';

/* What a service's template may say of networks, mounts, configs and secrets, on whatever engine. */

/** Names as the engines have them: which of these one takes, it says itself. */
const objectName = text(
	253,
	'a name of letters, digits and "._-" that begins with a letter or digit',
	/^[0-9A-Za-z][-0-9A-Za-z._]*$/,
);
const hostName = text(63, 'a host name of a-z, 0-9 and "-"', /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);
const absolutePath = text(
	4096,
	'a path that begins with "/", without ".."',
	/^\/(?!.*(^|\/)\.\.(\/|$))[^\x00-\x1f\x7f-\x9f]*$/,
);
const target = text(
	4096,
	'a path without "..", from "/" or below the working folder',
	/^(?!(.*\/)?\.\.(\/|$))[^\x00-\x1f\x7f-\x9f]+$/,
);
const owner = text(255, 'a user or group by name or number', /^[^\s:\x00-\x1f\x7f-\x9f]+$/);
const onChange = oneOf('update', 'none', ...signals);

/** No two of a list may say the same of one place. */
function distinct<T>(what: string, key: (entry: T) => string, member: string, check: Check): Check {
	return also<readonly T[]>(list(64, check), (entries, path) =>
		entries.flatMap((entry, index) =>
			entries.slice(0, index).some(other => key(other) === key(entry))
				? [
						{
							path: `${path}[${index}].${member}`,
							message: `names the ${what} ${JSON.stringify(key(entry))} a second time`,
						},
					]
				: [],
		),
	);
}

export const networks = distinct<NetworkAttachment>(
	'network',
	({network}) => network,
	'network',
	shape({network: objectName, aliases: optional(list(16, hostName))}),
);

const mount = also<Mount>(
	shape({
		type: oneOf('volume', 'bind', 'tmpfs'),
		source: optional(text(4096, 'a name or a path', /^[^\x00-\x1f\x7f-\x9f]+$/)),
		target,
		readOnly: optional(flag),
		perSlot: optional(flag),
		sizeBytes: optional(bytes(65_536, 2 ** 50)),
	}),
	fitsType,
);

function fitsType({type, source, perSlot, sizeBytes}: Mount, path: string): readonly Problem[] {
	const problems: Problem[] = [];
	if (type === 'volume' && source !== undefined) problems.push(...objectName(source, `${path}.source`));
	if (type === 'bind') problems.push(...absolutePath(source, `${path}.source`));
	if (type === 'tmpfs' && source !== undefined) problems.push(problem(`${path}.source`, 'left out of a tmpfs', source));
	if (perSlot && (type !== 'volume' || source === undefined)) {
		problems.push(problem(`${path}.perSlot`, 'left out but of a volume that has a name', perSlot));
	}

	if (sizeBytes !== undefined && type !== 'tmpfs') {
		problems.push(problem(`${path}.sizeBytes`, 'left out but of a tmpfs', sizeBytes));
	}

	return problems;
}

export const mounts = distinct<Mount>('target', ({target: at}) => at, 'target', mount);

const file = shape({
	source: objectName,
	key: optional(text(253, 'the name of a file: letters, digits and "._-"', /^[-0-9A-Za-z._]+$/)),
	target: optional(target),
	mode: optional(integer(0, 0o777)),
	uid: optional(owner),
	gid: optional(owner),
	version: optional(integer(1, Number.MAX_SAFE_INTEGER)),
	onChange: optional(onChange),
});

export const configFiles = distinct<FileAttachment>('target', targetOf, 'target', file);
export const secretFiles = configFiles;

/** Where it is found below its folder, or as an absolute path. */
export function targetOf({source, target: at}: Pick<FileAttachment, 'source' | 'target'>): string {
	return at ?? source;
}
