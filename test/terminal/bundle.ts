import {mkdtempSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {build, type Plugin} from 'esbuild';

/** Whoever imports `module` is given `by`, which alone has the original. */
export type StandIn = {readonly module: string; readonly by: string};

/** Bundles a fixture (Node runs no .tsx by itself) and answers with the file to run. One module may stand in for another. */
export async function bundle(entry: string, standIns: readonly StandIn[] = []): Promise<string> {
	// Below node_modules, so that what cannot be bundled is still found.
	const root = path.resolve(import.meta.dirname, '../..');
	const outdir = mkdtempSync(path.join(root, 'node_modules/.journeys-'));
	await build({
		entryPoints: [entry],
		outdir,
		bundle: true,
		splitting: true,
		format: 'esm',
		platform: 'node',
		target: 'node22',
		jsx: 'automatic',
		outExtension: {'.js': '.mjs'},
		define: {'process.env.NODE_ENV': '"production"'},
		banner: {js: "import {createRequire} from 'node:module';const require = createRequire(import.meta.url);"},
		alias: {
			'react-devtools-core': path.join(root, 'test/terminal/empty.ts'),
			// As in scripts/build.mjs.
			yaml: fileURLToPath(new URL('../browser/index.js', import.meta.resolve('yaml'))),
			'string-width': path.join(root, 'source/views/terminal/string-width.ts'),
		},
		plugins: standIns.map(standIn),
		logLevel: 'warning',
	});
	return path.join(outdir, `${path.basename(entry).replace(/\.tsx?$/, '')}.mjs`);
}

function standIn({module, by}: StandIn): Plugin {
	return {
		name: `in place of ${module}`,
		setup({onResolve}) {
			onResolve(
				{filter: new RegExp(`/${path.basename(module).replaceAll('.', '\\.')}$`)},
				({path: asked, resolveDir, importer}) =>
					path.resolve(resolveDir, asked) === module && importer !== by ? {path: by} : undefined,
			);
		},
	};
}
