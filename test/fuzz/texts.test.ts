import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, expect} from 'vitest';
import {readSavedPlan} from '../../source/actions/journal/saved-plan.ts';
import {readImage} from '../../source/backends/local/images/read-image.ts';
import {parse} from '../../source/commands/arguments/parse.ts';
import {sharedFields} from '../../source/commands/arguments/shared-flags.ts';
import {readManifests} from '../../source/commands/files/manifest-files.ts';
import {findVerb} from '../../source/commands/find-verb.ts';
import type {Host} from '../../source/commands/host.ts';
import {nouns, topLevel, type VerbEntry} from '../../source/commands/nouns.ts';
import type {Random} from '../../source/core/model/id.ts';
import {run} from '../commands/run.ts';
import {fuzz} from './inputs.ts';
import {anyText, mutated} from './values.ts';

function pick<T>(random: Random, list: readonly T[]): T {
	return list[Math.floor(random() * list.length)] as T;
}

// --- manifests and other files ---

const indents = ['', '  ', '- ', '\t', '--- ', '? ', '&a ', '*a', '!!binary ', '<<: ', '|\n', '"', "'", '# '];

/** What a file holds: of JSON, which is YAML too, or of lines, with some places spoiled. */
function fileText(random: Random, value: unknown): string {
	const json = JSON.stringify(mutated(random, value)) ?? 'null';
	const text = random() < 0.5 ? json : json.replaceAll(/[{,]/g, separator => (separator === ',' ? ',\n' : separator));
	if (random() < 0.4) return text;
	const at = Math.floor(random() * text.length);
	const dice = random();
	if (dice < 0.3) return text.slice(0, at);
	return text.slice(0, at) + (dice < 0.6 ? pick(random, indents) : anyText(random)) + text.slice(at);
}

const manifests = [
	{apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'a', namespace: 'b'}, data: {a: 'b'}},
	{apiVersion: 'v1', kind: 'List', items: [{apiVersion: 'v1', kind: 'Pod', metadata: {name: 'p'}}]},
	{apiVersion: 'apps/v1', kind: 'Deployment', metadata: {name: 'd'}, spec: {replicas: 3, template: {spec: {}}}},
];
fuzz('manifests', 40_000, random => {
	const text = Array.from({length: random() < 0.8 ? 1 : 2}, () => fileText(random, pick(random, manifests))).join(
		'\n---\n',
	);
	const stdin = {
		onData(listener: (data: Uint8Array | undefined) => void) {
			queueMicrotask(() => {
				listener(Buffer.from(text));
				listener(undefined);
			});
			return () => {};
		},
	};
	return {input: text, run: () => readManifests({stdin, cwd: '/'} as unknown as Host, ['-'])};
});

const change = {
	action: 'service.scale',
	command: 'muster service scale web=5',
	target: {id: 'a', name: 'web'},
	steps: [{type: 'apply', ref: {kind: 'service', id: 'a', name: 'web'}, patch: {replicas: 5}, ifRevision: '3'}],
	bases: [{id: 'a', spec: {replicas: 3}}],
};
const plan = {format: 'muster plan 1', context: 'local', createdAt: 1, createdBy: 'ann', changes: [change]};
fuzz('kept plans', 100_000, random => {
	const text = fileText(random, plan);
	return {input: text, run: () => readSavedPlan(text, 'a.plan')};
});

const folder = mkdtempSync(path.join(tmpdir(), 'muster-fuzz-'));
afterAll(() => rmSync(folder, {recursive: true, force: true}));
const image = {
	command: ['sh'],
	env: {A: 1},
	port: 80,
	health: {http: '/', interval: '5s', retries: 3},
	description: 'x',
};
fuzz('images', 5000, random => {
	const text = fileText(random, image);
	return {
		input: text,
		run() {
			writeFileSync(path.join(folder, 'image.yaml'), text);
			return readImage(folder, 'added', 'x');
		},
	};
});

// --- command lines ---

const entries: ReadonlyArray<{readonly words: readonly string[]; readonly entry: VerbEntry}> = [
	...topLevel.map(entry => ({words: [entry.name], entry})),
	...nouns.flatMap(({name, verbs}) => verbs.map(entry => ({words: [name, entry.name], entry}))),
];
const verbs = await Promise.all(
	entries.map(async ({words, entry}) => {
		const verb = await entry.load();
		const flags = Object.keys({...verb.fields, ...sharedFields});
		return {
			words,
			writes: verb.writes === true,
			flags: flags.map(flag => `--${flag.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`),
		};
	}),
);
const operands = [
	'web',
	'web=3',
	'web=',
	'n1',
	'n2',
	'web.1',
	'nodejs',
	'exec:/bin/sh',
	'api',
	'zone=a',
	'3',
	'-',
	'--',
];

/** A verb, flags of its own and others, and what they might be given. */
function commandLine(random: Random, {words, flags}: (typeof verbs)[number]): string[] {
	const rest = Array.from({length: Math.floor(random() * 5)}, () => {
		const dice = random();
		if (dice < 0.35) return pick(random, operands);
		if (dice < 0.75) return random() < 0.6 ? `${pick(random, flags)}=${anyText(random)}` : pick(random, flags);
		return dice < 0.85 ? `-${pick(random, [...'abcdefhlnopqrstuvwy'])}` : anyText(random);
	});
	const line = [...words, ...rest];
	return random() < 0.9 ? line : line.toSorted(() => random() - 0.5);
}

fuzz('command lines, read', 60_000, random => {
	const line = commandLine(random, pick(random, verbs));
	return {
		input: line,
		async run() {
			const asked = findVerb(line);
			if (asked.type === 'verb') await parse(await asked.entry.load(), asked.words);
		},
	};
});

const cluster = `
	at 60s
	node n1 cpus 8 · node n2 cpus 8
	service web replicas 2 · service api replicas 1
	instance web.1 on n1 running id i-aaaa1 · instance web.2 on n2 running id i-bbbb2
`;
const changing = verbs.filter(({writes, words}) => writes && !words.includes('swarm'));
fuzz('command lines, planned', 8000, random => {
	const line = commandLine(random, pick(random, changing));
	return {
		input: line,
		async run() {
			// Nothing is typed, and a question is not answered.
			const {code, stdout, stderr, writes, journal} = await run(['plan', ...line], {cluster, typed: ''});
			expect({writes, journal}).toEqual({writes: [], journal: []});
			expect(`${stdout}${stderr}`).not.toMatch(/^\s+at .*:\d+/m);
			expect(`${stdout}${stderr}`).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
			// 1: an error that nobody has put into words.
			expect([0, 2, 3, 4, 6, 8, 10], stderr).toContain(code);
			return code === 0 || code === 10;
		},
	};
});
