import type {LocalFiles} from '../../actions/instance/local-files.ts';

/** Loaded when a file is copied. */
export function lazyFiles(cwd: string): LocalFiles {
	const load = async () => (await import('./index.ts')).localFiles(cwd);
	return {
		resolve: file => process.getBuiltinModule('node:path').resolve(cwd, file),
		stat: async file => (await load()).stat(file),
		async *pack(...args) {
			yield* (await load()).pack(...args);
		},
		unpack: async (...args) => (await load()).unpack(...args),
	};
}
