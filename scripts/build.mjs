// Bundles source/cli.tsx into dist/, and beside it what it loads on use. Plain JavaScript, for it runs at install time on
// whatever Node npm runs on.
import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {isBuiltin} from 'node:module';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';

const root = path.dirname(import.meta.dirname);
const dist = path.join(root, 'dist');

// What is started. It has no extension, so that the command line of a process reads `node …/dist/muster daemon`. V8's
// compiled code is kept between runs: in MUSTER_HOME where that is set (and made: its mode is not this file's business),
// else in the user's cache. The folder is made here, for Node would leave it open to whomever the umask lets in, and who
// can write there says what the next command runs; where it cannot be made, nothing is kept.
const program = `const {HOME, MUSTER_HOME, XDG_CACHE_HOME} = process.env;
const parent = MUSTER_HOME || XDG_CACHE_HOME || (HOME && HOME + '/.cache');
if (parent && require('node:fs').existsSync(parent)) {
	const folder = parent + (MUSTER_HOME ? '/cache' : '/muster');
	try {
		require('node:fs').mkdirSync(folder, 0o700);
	} catch {}
	require('node:module').enableCompileCache(folder);
}
require('./cli.js');
`;

// CommonJS starts faster: no loader to set up, and Node's own modules without their ESM faces, which read every export
// (that of node:fs loads streams and promises).
const manifest = '{"type": "commonjs"}\n';
const metaBanner = `const importMeta = {
	url: require('node:url').pathToFileURL(__filename).href,
	filename: __filename,
	dirname: __dirname,
};
`;

/** Ink loads it only where DEV is set, and bundling it would pull in a WebSocket server. */
const withoutDevtools = {
	name: 'without-devtools',
	setup({onResolve, onLoad}) {
		onResolve({filter: /^react-devtools-core$/}, ({path}) => ({path, namespace: 'empty'}));
		onLoad({filter: /.*/, namespace: 'empty'}, () => ({contents: 'export default {};'}));
	},
};

/** What dockerode could do besides, at twice its weight: an ssh of its own (the user's is run), and sessions for builds. */
const withoutSshAndGrpc = {
	name: 'without-ssh-and-grpc',
	setup({onResolve, onLoad}) {
		onResolve({filter: /^(ssh2|@grpc\/grpc-js|@grpc\/proto-loader)$/}, ({path}) => ({path, namespace: 'absent'}));
		onLoad({filter: /.*/, namespace: 'absent'}, () => ({contents: 'module.exports = {};'}));
	},
};

/** Which bundles had something put in the place of a package's module; where a package moves it, that is not to go unseen. */
const replaced = {keepingLines: new Set(), oneSegmenter: new Set()};

/** What Ink is made of makes segmenters of graphemes as it is loaded: see source/views/terminal/segmenter.ts. */
const oneSegmenter = {
	name: 'one-segmenter',
	setup({onLoad, initialOptions: {outfile}}) {
		const made = /^const (\w+) = new Intl\.Segmenter\(.*\);$/m;
		const imported = `import {segmenter as $1} from ${JSON.stringify(path.join(root, 'source/views/terminal/segmenter.ts'))};`;
		onLoad({filter: /node_modules\/(wrap-ansi|slice-ansi|@alcalzone\/ansi-tokenize|ink)\/.*\.js$/}, ({path: file}) => {
			const text = readFileSync(file, 'utf8');
			if (!made.test(text)) return undefined;
			replaced.oneSegmenter.add(outfile);
			return {contents: text.replace(made, imported), loader: 'js'};
		});
	},
};

/** Ink draws lines that it has drawn before at no cost: see source/views/terminal/kept-lines.ts. */
const keepingLines = {
	name: 'keeping-lines',
	setup({onResolve, onLoad, initialOptions: {outfile}}) {
		const folder = path.dirname(fileURLToPath(import.meta.resolve('ink')));
		onResolve({filter: /^\.\/output\.js$/}, ({importer}) =>
			importer === path.join(folder, 'renderer.js') ? {path: 'output', namespace: 'keeping-lines'} : undefined,
		);
		onLoad({filter: /.*/, namespace: 'keeping-lines'}, () => {
			replaced.keepingLines.add(outfile);
			return {
				resolveDir: folder,
				contents: `import Output from './output.js';
					import {keepingLines} from ${JSON.stringify(path.join(root, 'source/views/terminal/kept-lines.ts'))};
					export default keepingLines(Output);`,
			};
		});
	},
};

/** Stands in the bundles until it is known what they hold: versions of the same number are told apart by that. */
const unknownBuild = '@build@@';

/**
 * A file each, whole in itself: a command costs what its files cost to open and run, and splitting them by what they share
 * makes dozens of small ones. What one bundle has from another is plain data: they share no classes and no state.
 */
const bundles = {
	'cli.js': 'source/cli.tsx',
	'verbs.js': 'source/commands/verbs/index.ts',
	// Ink waits at its top level, which only ESM can.
	'dashboard.mjs': 'source/cli/dashboard.ts',
	'demo.mjs': 'source/cli/demo.ts',
	// Knows every screen, and with them Ink.
	'settings.mjs': 'source/cli/config/control.ts',
	'daemon.js': 'source/daemon/run-daemon.ts',
	// Only beside an older daemon.
	'service-spec.js': 'source/core/spec/service-spec.ts',
	'upgrade.js': 'source/daemon/upgrade.ts',
	'backup.js': 'source/daemon/backup/index.ts',
	'tender.js': 'source/tender/run-tender.ts',
	'agent.js': 'source/backends/local/agent/index.ts',
	'gateway.js': 'source/backends/local/gateway/index.ts',
	'hold.js': 'source/backends/local/agent/hold.ts',
	'container.js': 'source/backends/local/agent/runtimes/docker.ts',
	'k8s.js': 'source/backends/k8s/index.ts',
	'yaml.js': 'source/commands/output/yaml.ts',
	'config-yaml.js': 'source/cli/config/yaml-document.ts',
	'read-yaml.js': 'source/commands/output/read-yaml.ts',
	'flags.js': 'source/commands/arguments/read-flags-meow.ts',
	'swarm.js': 'source/backends/swarm/index.ts',
	'docker.js': 'source/backends/swarm/docker.ts',
};

/**
 * Node's own modules without their ESM faces in ESM bundles too: a face reads every export of its module, and loads what
 * only one of them is made of.
 */
const withoutFaces = {
	name: 'without-faces',
	setup({onResolve, onLoad}) {
		onResolve({filter: /^(node:)?[a-z_]+(\/[a-z]+)?$/}, ({path: name, kind}) =>
			isBuiltin(name) && kind === 'import-statement' ? {path: name, namespace: 'builtin'} : undefined,
		);
		onLoad({filter: /.*/, namespace: 'builtin'}, ({path: name}) => ({
			contents: `module.exports = process.getBuiltinModule(${JSON.stringify(name)});`,
		}));
	},
};

/**
 * Leaves import() of another bundle to run time; whatever else is imported so is in the same file, and run on use. Where both
 * are CommonJS, a `require` behind it does the same: Node's loader of ESM, which import() sets up, takes 3 ms of a command.
 */
const otherBundles = {
	name: 'other-bundles',
	setup({onResolve, onLoad, initialOptions: {outfile}}) {
		const names = new Map(Object.entries(bundles).map(([name, file]) => [path.join(root, file), name]));
		onResolve({filter: /^\./}, ({path: file, resolveDir, kind, namespace}) => {
			if (namespace === 'other-bundle') return {path: file, external: true};
			const name = kind === 'dynamic-import' ? names.get(path.join(resolveDir, file)) : undefined;
			if (name === undefined) return undefined;
			const isRequired = !isEsm(name) && !isEsm(outfile);
			return isRequired ? {path: name, namespace: 'other-bundle'} : {path: `./${name}`, external: true};
		});
		onLoad({filter: /.*/, namespace: 'other-bundle'}, ({path: name}) => ({
			contents: `module.exports = require(${JSON.stringify(`./${name}`)});`,
		}));
	},
};

// Bundled CommonJS packages ask for Node's builtins by `require`, which ESM has not.
const requireBanner = `const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);\n`;

const builds = await Promise.all(
	Object.entries(bundles).map(([name, file]) =>
		build({
			absWorkingDir: root,
			entryPoints: [file],
			outfile: path.join('dist', name),
			bundle: true,
			write: false,
			format: isEsm(name) ? 'esm' : 'cjs',
			platform: 'node',
			target: 'node22',
			jsx: 'automatic',
			// Its ESM face: import() of a bundled CommonJS package gives a default and no names.
			alias: {
				yaml: fileURLToPath(new URL('../browser/index.js', import.meta.resolve('yaml'))),
				'string-width': path.join(root, 'source/views/terminal/string-width.ts'),
			},
			// Large, loaded only for its own engine, and it breaks when bundled.
			external: ['@kubernetes/client-node'],
			define: {
				'process.env.NODE_ENV': '"production"',
				'process.env.MUSTER_BUILD': JSON.stringify(unknownBuild),
				// Ink's Yoga would fetch its WebAssembly out of a data: URL, for which Node loads its whole HTTP client.
				...(isEsm(name) ? {fetch: 'undefined'} : {'import.meta': 'importMeta'}),
			},
			plugins: [
				withoutDevtools,
				oneSegmenter,
				keepingLines,
				withoutSshAndGrpc,
				...(isEsm(name) ? [withoutFaces] : []),
				otherBundles,
			],
			minifySyntax: true,
			minifyWhitespace: true,
			legalComments: 'none',
			logLevel: 'warning',
		}),
	),
);
for (const [name, bundlesOf] of Object.entries(replaced)) {
	if (!bundlesOf.has(path.join('dist', 'dashboard.mjs'))) {
		throw new Error(`${name} of scripts/build.mjs finds nothing to replace any more: look at what Ink is made of.`);
	}
}

const outputFiles = builds.flatMap(({outputFiles: files}) => files);

function isEsm(name) {
	return name.endsWith('.mjs');
}

/** What a bundle uses that its format has not. */
function bannerOf(file, text) {
	if (isEsm(file)) {
		return /typeof require\b/.test(text) ? requireBanner : '';
	}

	return text.includes('importMeta') ? metaBanner : '';
}

/** Whole or not at all, and only where it differs: somebody may be starting muster from here. */
function write(file, text) {
	if (existsSync(file) && readFileSync(file, 'utf8') === text) {
		return;
	}
	const unfinished = `${file}.${process.pid}.tmp`;
	mkdirSync(path.dirname(file), {recursive: true});
	writeFileSync(unfinished, text);
	renameSync(unfinished, file);
}

const texts = outputFiles.map(({path: file, text}) => [file, bannerOf(file, text) + text]);
const content = createHash('sha256').update(JSON.stringify(texts.map(([file, text]) => [path.basename(file), text])));
const buildName = content.digest('hex').slice(0, unknownBuild.length);
const files = new Map(texts.map(([file, text]) => [file, text.replaceAll(unknownBuild, buildName)]));
files.set(path.join(dist, 'muster'), program);
files.set(path.join(dist, 'package.json'), manifest);
for (const [file, text] of files) {
	write(file, text);
}

// What earlier builds left goes only when asked, before the package is packed: a muster that still runs may load it yet.
const leftovers = process.argv.includes('--clean') ? readdirSync(dist, {recursive: true, withFileTypes: true}) : [];
for (const entry of leftovers) {
	const file = path.join(entry.parentPath ?? entry.path, entry.name);
	if (entry.isFile() && !files.has(file)) {
		rmSync(file, {force: true});
	}
}
