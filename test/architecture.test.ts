import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test} from 'vitest';

// The rules of ARCHITECTURE.md that can be read off the text. Regular expressions are enough: a file that fools them on
// purpose fools its reader too.

/** Path from the project's root, with slashes → text. */
type Files = ReadonlyMap<string, string>;
type Rule = (file: string, text: string) => string[];

const root = path.dirname(import.meta.dirname);
const maxLines = 400;
const code = /\.(ts|tsx|mjs)$/;

/** Which folders a folder may import from, besides itself. The first line that fits a file counts. */
const directions: Array<{from: RegExp; to: RegExp; why: string}> = [
	{
		from: /^core\//,
		to: /^$/,
		why: 'core is pure and knows nobody; move what it needs into core, or take it as an argument',
	},
	{
		from: /^tender\//,
		to: /^(live|core)\/|^backends\/local\/(home|tended)\.ts$|^daemon\/(clock|log)\.ts$/,
		why: 'a tender knows live and core; cli.tsx hands it the Backend',
	},
	{from: /^live\//, to: /^core\//, why: 'live knows core only'},
	{from: /^actions\//, to: /^core\//, why: 'actions know core only; what an action acts on is handed to it'},
	{
		from: /^commands\//,
		to: /^(actions|live|core)\//,
		why: 'commands know actions, live and core; cli.tsx hands them a Backend',
	},
	{
		from: /^views\//,
		to: /^(actions|live|core)\//,
		why: 'views know actions, live and core; cli.tsx hands them a Backend',
	},
	{from: /^orchestrator\//, to: /^core\//, why: 'the orchestrator knows core; the rest comes through its ports'},
	{from: /^demo\//, to: /^(orchestrator|core)\//, why: 'the demo plays on the orchestrator; cli.tsx shows it'},
	{
		from: /^daemon\//,
		to: /^(orchestrator|core)\/|^backends\/local\/(?!agent\/|gateway\/)/,
		why: 'the daemon knows orchestrator, core and backends/local but for its agent and gateway, which are other processes; cli.tsx hands it other Backends',
	},
	{from: /^backends\/index\.ts$/, to: /^(core|backends)\//, why: 'the list of backends knows backends and core'},
	{
		from: /^backends\/local\//,
		to: /^core\/|^orchestrator\/(fleet|balancer)\.ts$/,
		why: 'a backend knows core only (the local one also the ports it fills, orchestrator/{fleet,balancer}.ts)',
	},
	{from: /^backends\//, to: /^core\//, why: 'a backend knows core only, never another backend'},
];

/** Where a package may be used. What is not listed may be used outside core, live, actions and orchestrator. */
const packages: Array<{name: RegExp; where: RegExp; why: string}> = [
	{
		name: /^dockerode$/,
		where: /^backends\/(swarm|local\/(agent\/)?runtimes)\//,
		why: 'dockerode stays in backends/swarm and in the docker runtime',
	},
	{name: /^@kubernetes\//, where: /^backends\/k8s\//, why: 'the Kubernetes client stays in backends/k8s'},
	{name: /^(ink|react|ink-table)(\/|$)/, where: /^(views\/|cli\.tsx$)/, why: 'Ink and React stay in views and cli.tsx'},
	{
		name: /^node:/,
		where: /^(?!(core|live|actions)\/)/,
		why: 'no Node builtins in core, live and actions; take it as an argument',
	},
	{
		name: /^(?!node:)/,
		where: /^(?!(core|live|actions|orchestrator|demo)\/)/,
		why: 'no packages in core, live, actions, orchestrator and demo',
	},
];

const timeless = /^source\/(core|live|actions|views|demo|orchestrator\/controllers)\//;
const banned: Array<{call: RegExp; why: string}> = [
	{call: /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b/g, why: 'take the time from the injected clock'},
	{call: /\bMath\.random\b|\brandomUUID\b|\bgetRandomValues\b/g, why: 'take chance from what is injected'},
	{call: /(?<![\w.])(setTimeout|setInterval|setImmediate)\b/g, why: 'wait through the injected clock'},
	{call: /\bprocess\.env\b|\bgetBuiltinModule\b/g, why: 'take it as an argument; cli.tsx reads the environment'},
];

/** Text with comments blanked, and strings too where only code counts. Lines stay where they are. */
function blank(text: string, what: 'comments' | 'comments and strings'): string {
	const token = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;
	return text.replace(token, found => {
		const isComment = found.startsWith('/');
		const isBlanked = isComment || (what === 'comments and strings' && !found.startsWith('`'));
		return isBlanked ? found.replace(/[^\n]/g, ' ') : found;
	});
}

function lineAt(text: string, index: number): number {
	return text.slice(0, index).split('\n').length;
}

type Import = {
	readonly name: string;
	readonly line: number;
	/** import(). */
	readonly isLazy: boolean;
	/** Gone when the program runs. */
	readonly isType: boolean;
};

/** Every module a file names: import, export … from, import(). Relative ones as paths from the root. */
function importsOf(file: string, text: string): Import[] {
	const plain = blank(text, 'comments');
	const named = /(?:\b(?:import|export)(\s+type)?\s[^;'"()]*?\bfrom|\bimport)\s*(\(?)\s*'([^'\n]+)'/g;
	return [...plain.matchAll(named)].map(({0: whole, 1: type, 2: opening, 3: name = '', index}) => ({
		name: name.startsWith('.') ? path.posix.join(path.posix.dirname(file), name) : name,
		line: lineAt(plain, index + whole.lastIndexOf(name)),
		isLazy: opening === '(',
		isType: type !== undefined,
	}));
}

/** source/core/x.ts → core/; source/backends/swarm/x.ts → backends/swarm/: a backend is a folder of its own. */
function folderOf(inSource: string): string {
	return /^backends\/[^/]+\/|^[^/]+\//.exec(inSource)?.[0] ?? inSource;
}

const importDirections: Rule = (file, text) => {
	const from = file.replace(/^source\//, '');
	const direction = directions.find(row => row.from.test(from));
	if (!file.startsWith('source/') || !direction) return [];
	return importsOf(file, text)
		.filter(({name}) => name.startsWith('source/') || name.startsWith('test/') || name.startsWith('scripts/'))
		.filter(({name}) => {
			const to = name.replace(/^source\//, '');
			return folderOf(to) !== folderOf(from) && !direction.to.test(to);
		})
		.map(({name, line}) => `${file}:${line} imports ${name}: ${direction.why}.`);
};

const packagesInPlace: Rule = (file, text) => {
	if (!file.startsWith('source/')) return [];
	const from = file.replace(/^source\//, '');
	return importsOf(file, text)
		.filter(({name}) => !name.startsWith('source/'))
		.flatMap(({name, line}) => {
			const row = packages.find(entry => entry.name.test(name) && !entry.where.test(from));
			return row ? [`${file}:${line} imports ${name}: ${row.why}.`] : [];
		});
};

const backendsOnUse: Rule = (file, text) => {
	if (file !== 'source/backends/index.ts') return [];
	const plain = blank(text, 'comments');
	return [...plain.matchAll(/^(?:import|export)\s(?!type\b)[^;]*?from\s+'(\.\/[^']+)'/gm)].map(
		({1: name, index}) =>
			`${file}:${lineAt(plain, index)} loads ${name} at once: use import() inside the entry's open.`,
	);
};

const noBannedCalls: Rule = (file, text) => {
	if (!timeless.test(file)) return [];
	const plain = blank(text, 'comments and strings');
	return banned.flatMap(({call, why}) =>
		[...plain.matchAll(call)].map(found => `${file}:${lineAt(plain, found.index)} uses ${found[0]}: ${why}.`),
	);
};

const noEscapes: Rule = (file, text) => {
	const plain = blank(text, 'comments and strings');
	return [
		...[...plain.matchAll(/\bas any\b/g)].map(({index}) => ({
			index,
			what: '`as any`',
			why: 'give it its type, or unknown',
		})),
		...[...text.matchAll(/\/[/*]\s*@ts-(ignore|nocheck)/g)].map(({index, 1: what}) => ({
			index,
			what: `@ts-${what}`,
			why: 'mend the type, or use @ts-expect-error and say why',
		})),
	].map(({index, what, why}) => `${file}:${lineAt(text, index)} has ${what}: ${why}.`);
};

const shortFiles: Rule = (file, text) => {
	const lines = text.trimEnd().split('\n').length;
	return lines > maxLines
		? [`${file}:${maxLines} goes on to line ${lines}: at ${maxLines} a file is split by feature.`]
		: [];
};

/** Where types know one another by their nature: a key's row acts on the dashboard that shows it; a fleet and its nodes. */
const mutual = /^source\/(views|orchestrator\/simulated)\//;

/** Files that import each other in a loop: what two of them need belongs into a third. */
function circles(files: Files): string[] {
	const imports = new Map(
		[...files]
			.filter(([file]) => file.startsWith('source/'))
			.map(([file, text]) => {
				const counted = importsOf(file, text).filter(({isLazy, isType}) => !isLazy && !(isType && mutual.test(file)));
				return [file, counted] as const;
			}),
	);
	const done = new Set<string>();
	const found: string[] = [];
	const visit = (file: string, way: readonly string[]) => {
		for (const {name, line} of imports.get(file) ?? []) {
			const from = way.indexOf(name);
			if (from >= 0) found.push(`${file}:${line} imports ${name}, which leads back: ${way.slice(from).join(' → ')}.`);
			else if (!done.has(name)) visit(name, [...way, name]);
		}

		done.add(file);
	};
	for (const file of imports.keys()) {
		if (!done.has(file)) visit(file, [file]);
	}

	return found;
}

/** Nobody imports it: neither the program, nor a script, nor any test but the one that mirrors it. */
function orphans(files: Files): string[] {
	const used = new Set(['source/cli.tsx']);
	for (const [file, text] of files) {
		const mirrored = file.replace(/^test\//, 'source/').replace(/\.test\.tsx?$/, '');
		for (const {name} of importsOf(file, text)) {
			if (name !== file && name.replace(/\.tsx?$/, '') !== mirrored) used.add(name);
		}
	}

	// What it puts in the place of a package's module is imported by the package.
	for (const [name] of readFileSync(path.join(root, 'scripts/build.mjs'), 'utf8').matchAll(/source\/[\w/-]+\.tsx?/g)) {
		used.add(name);
	}

	return [...files.keys()]
		.filter(file => file.startsWith('source/') && !file.endsWith('.d.ts') && !used.has(file))
		.map(file => `${file}:1 is imported by nobody: use it or remove it.`);
}

function each(rule: Rule, files: Files): string[] {
	return [...files].flatMap(([file, text]) => rule(file, text));
}

function readTree(): Files {
	const files = ['source', 'test', 'scripts', 'bench'].flatMap(folder => {
		try {
			return readdirSync(path.join(root, folder), {recursive: true, encoding: 'utf8'}).map(file => `${folder}/${file}`);
		} catch {
			return [];
		}
	});
	return new Map(
		files.filter(file => code.test(file)).map(file => [file, readFileSync(path.join(root, file), 'utf8')]),
	);
}

describe('the tree', () => {
	const files = readTree();
	test.each<[string, (files: Files) => string[]]>([
		['imports follow the direction of the layers', tree => each(importDirections, tree)],
		['packages stay in their folders', tree => each(packagesInPlace, tree)],
		['backends are loaded on use', tree => each(backendsOnUse, tree)],
		['clock, chance, timers and environment are injected', tree => each(noBannedCalls, tree)],
		['types are not escaped', tree => each(noEscapes, tree)],
		[`files stay within ${maxLines} lines`, tree => each(shortFiles, tree)],
		['every source file is used', orphans],
		['no file leads back to itself', circles],
	])('%s', (_, findings) => {
		const found = findings(files);
		if (found.length > 0) expect.fail(`${found.length} to mend:\n${found.join('\n')}`);
	});
});

describe('the rules', () => {
	const check = (name: string, rule: Rule, file: string, text: string, ...expected: string[]) => {
		test(name, () => {
			expect(rule(file, text).map(finding => finding.replace(/: [^:]*$/, ''))).toEqual(expected);
		});
	};

	check(
		'see an import upwards',
		importDirections,
		'source/core/a.ts',
		"\nimport {x} from '../live/x.ts';",
		'source/core/a.ts:2 imports source/live/x.ts',
	);
	check(
		'see a backend in another',
		importDirections,
		'source/backends/swarm/a.ts',
		"export * from '../k8s/x.ts';",
		'source/backends/swarm/a.ts:1 imports source/backends/k8s/x.ts',
	);
	check(
		'see import() too',
		importDirections,
		'source/views/a.tsx',
		"await import('../backends/index.ts');",
		'source/views/a.tsx:1 imports source/backends/index.ts',
	);
	check('let a folder use itself', importDirections, 'source/core/plan/a.ts', "import {x} from '../model/x.ts';");
	check(
		'see a builtin in core',
		packagesInPlace,
		'source/core/a.ts',
		"import fs from 'node:fs';",
		'source/core/a.ts:1 imports node:fs',
	);
	check(
		'see React outside the views',
		packagesInPlace,
		'source/daemon/a.ts',
		"import 'react';",
		'source/daemon/a.ts:1 imports react',
	);
	check(
		'see a call, not the talk of one',
		noBannedCalls,
		'source/core/a.ts',
		"// Date.now\nconst x = 'Date.now' + Date.now();",
		'source/core/a.ts:2 uses Date.now',
	);
	check(
		'let a clock have methods of that name',
		noBannedCalls,
		'source/core/a.ts',
		'clock.setTimeout(f, 1); new Date(now);',
	);
	test('see a circle, of types too, and let through what is loaded later', () => {
		const circle = new Map([
			['source/core/a.ts', "import type {b} from './b.ts';"],
			['source/core/b.ts', "\nexport * from './c.ts';"],
			['source/core/c.ts', "import './a.ts';"],
			['source/core/lazy.ts', "await import('./later.ts');"],
			['source/core/later.ts', "import './lazy.ts';"],
			['source/views/row.ts', "import type {Ui} from './ui.ts';"],
			['source/views/ui.ts', "import {row} from './row.ts';"],
		]);
		expect(circles(circle)).toEqual([
			'source/core/c.ts:1 imports source/core/a.ts, which leads back: source/core/a.ts → source/core/b.ts → source/core/c.ts.',
		]);
	});
	check('see an escape', noEscapes, 'source/cli.tsx', 'const x = y as any;', 'source/cli.tsx:1 has `as any`');
});
