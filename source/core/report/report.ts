import type {ComponentHealth} from '../backend.ts';
import type {Config, Instance, Network, Node, Pool, Secret, Service, Volume} from '../model/index.ts';
import {isThrough} from '../reconcile/rollout.ts';
import {stripControl} from '../text/text.ts';
import {formatBytes} from '../text/units.ts';
import {createRedactor, type Private} from './redact.ts';

/** Of the machine and of muster's own files; absent in part where another engine is asked about. */
export type ReportFacts = {
	readonly muster: string;
	readonly node: string;
	/** `linux x64 6.1.0`. */
	readonly platform: string;
	readonly cpus: number;
	readonly memoryBytes: number;
	/** What may not be told: the machine's name, its user, their folders. */
	readonly privates: readonly Private[];
	/** The last lines of each log of muster's own. */
	readonly logs: ReadonlyArray<{readonly name: string; readonly lines: readonly string[]}>;
};

export type ReportObjects = {
	readonly service: readonly Service[];
	readonly instance: readonly Instance[];
	readonly node: readonly Node[];
	readonly network: readonly Network[];
	readonly volume: readonly Volume[];
	readonly config: readonly Config[];
	readonly secret: readonly Secret[];
	readonly pool: readonly Pool[];
};

export type ReportInput = {
	readonly facts: ReportFacts;
	/** local, swarm, k8s. */
	readonly engine: string;
	/** Absent: none runs. */
	readonly daemon?: string;
	/** Why the engine tells nothing; absent: it does. */
	readonly unreachable?: string;
	readonly health: readonly ComponentHealth[];
	readonly objects: ReportObjects;
};

/** What is longer is no value that a line of a log would have. */
const longestValue = 1000;

/** Of a command's arguments: what is shorter says nothing of anybody. */
const shortestWord = 5;

/** A report for a bug: what runs where and how well, in numbers, and what muster said last; nothing of what it runs for whom. */
export function reportText(input: ReportInput): string {
	const {facts, objects, unreachable, health} = input;
	const redact = createRedactor([...facts.privates, ...privatesOf(objects)]);
	const line = (text: string) => redact(stripControl(text));
	const section = (title: string, lines: readonly string[]) =>
		lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines];
	return `${[
		'# muster report',
		'',
		`muster ${facts.muster}, daemon ${input.daemon ?? 'not running'}, engine ${input.engine}`,
		`Node ${facts.node}, ${facts.platform}, ${facts.cpus} CPUs, ${formatBytes(facts.memoryBytes)}`,
		...section('Unreachable', unreachable === undefined ? [] : [line(unreachable)]),
		...section(
			'Health',
			health.map(({name, state, message = ''}) => partOf(stripControl(name), line) + line(`: ${state}, ${message}`)),
		),
		...section('Counts', counts(objects)),
		...section('Services', objects.service.map(serviceLine)),
		...facts.logs.flatMap(({name, lines}) => section(line(titleOf(name)), lines.map(line))),
	].join('\n')}\n`;
}

/** The first word of `store` and `agent n1` is the engine's own, also where somebody calls a service so. */
function partOf(name: string, line: (text: string) => string): string {
	const end = name.includes(' ') ? name.indexOf(' ') : name.length;
	return name.slice(0, end) + line(name.slice(end));
}

/** A node's name as a word of its own. */
function titleOf(log: string): string {
	return `Log: ${log.replace(/\.log$/, '').replace(/^agent-/, 'agent ')}`;
}

function counts(objects: ReportObjects): string[] {
	const {service, instance, node, ...others} = objects;
	return [
		`services: ${service.length} (${tally(service.map(({spec}) => spec.mode))})`,
		`instances: ${instance.length} (${tally(instance.map(({status}) => status.state))})`,
		`nodes: ${node.length} (${tally(node.map(({status}) => status.state))})`,
		...Object.entries(others).map(([kind, items]) => `${kind}s: ${items.length}`),
	].map(text => text.replace(' ()', ''));
}

/** By what it uses of muster, never by what it is. */
function serviceLine(service: Service, index: number): string {
	const {spec, status} = service;
	const {template} = spec;
	const uses = [
		`${status.healthy}/${status.desired} healthy`,
		...(service.rollout !== undefined && !isThrough(service.rollout) ? [`update ${service.rollout.state}`] : []),
		`image ${template.image.includes(':') ? template.image.slice(0, template.image.indexOf(':')) : 'of muster'}`,
		...tallyOf('port', spec.ports.length),
		...tallyOf('variable', Object.keys(template.env).length),
	];
	return `service-${index + 1}: ${spec.mode}, ${uses.join(', ')}`;
}

function tallyOf(noun: string, count: number): string[] {
	return count === 0 ? [] : [`${count} ${noun}${count === 1 ? '' : 's'}`];
}

function tally(words: readonly string[]): string {
	const counted = Object.entries(Object.groupBy(words, word => word)).map(([word, all]) => [word, all?.length ?? 0]);
	return counted.map(([word, count]) => `${count} ${word}`).join(', ');
}

/** Names of objects by their kind and number, what a service gives its instances and what configs hold not at all. */
function privatesOf({instance: _, ...objects}: ReportObjects): Private[] {
	const named = Object.entries(objects).flatMap(([kind, items]) =>
		items.map(({name}, index) => ({text: name, shown: `${kind}-${index + 1}`})),
	);
	const values = [
		...objects.service.flatMap(({spec: {template, labels}}) => [
			...Object.values(template.env),
			...template.command,
			...Object.values(labels),
		]),
		...objects.config.flatMap(({spec}) => Object.values(spec.data)).filter(value => typeof value === 'string'),
	];
	// A shorter one would be found everywhere.
	const hidden = values.filter(value => value.length > 2 && value.length < longestValue);
	const words = objects.service.flatMap(({spec}) => spec.template.command.flatMap(argument => argument.split(/\s+/)));
	return [
		...hidden.map(text => ({text, shown: '<hidden>', anywhere: true})),
		...words.filter(word => word.length >= shortestWord).map(text => ({text, shown: '<hidden>'})),
		...named,
	];
}
