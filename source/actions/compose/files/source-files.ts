import {ClusterError, toClusterError} from '../../../core/error.ts';
import type {Problem} from '../../../core/spec/check.ts';
import {stripControl} from '../../../core/text/text.ts';
import type {Place} from './node.ts';

export type Variables = Readonly<Record<string, string | undefined>>;

/** Where Compose files are read from. */
export type FileSource = {
	/** What a file is called to whoever named it. All others here are given it as `resolve` gives it. */
	nameOf(file: string): string;
	/** What a file holds. Throws `usage` where it cannot be read, or is no YAML. */
	document(file: string): Promise<unknown>;
	/** The variables of a file of them; undefined: there is none. */
	variables(file: string): Promise<Variables | undefined>;
	/** A path as seen from a folder. */
	resolve(folder: string, path: string): string;
	folderOf(file: string): string;
};

const mostProblems = 8;

/** `placeOf`: undefined where the path alone says it. */
export function wrongIn(problems: readonly Problem[], placeOf: (path: string) => Place | undefined): ClusterError {
	const lines = problems.slice(0, mostProblems).map(({path, message}) => {
		const place = placeOf(path);
		return place === undefined ? `${path} ${message}` : wrongAt(place, message).message;
	});
	const more = problems.length > mostProblems ? [`and ${problems.length - mostProblems} more`] : [];
	return new ClusterError('usage', [...lines, ...more].join('\n'));
}

export function wrongAt({file, path}: Place, message: string): ClusterError {
	return new ClusterError('usage', stripControl(`${file}: ${path === '' ? '' : `${path} `}${message}`));
}

/** That a file can be read, as whoever names it is told otherwise. */
export async function seen(file: string, source: FileSource, at: Place): Promise<void> {
	try {
		await source.document(file);
	} catch (thrown) {
		throw wrongAt(at, toClusterError(thrown).message);
	}
}
