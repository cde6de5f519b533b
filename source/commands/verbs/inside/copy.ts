import {text} from '../../../actions/fields/fields.ts';
import {copyInAction, copyOut, type Place} from '../../../actions/instance/copy-files.ts';
import {ClusterError} from '../../../core/error.ts';
import type {Instance} from '../../../core/model/index.ts';
import {stripControl} from '../../../core/text/text.ts';
import {formatBytes} from '../../../core/text/units.ts';
import {facet, reachRunning} from '../../arguments/reach.ts';
import type {Host} from '../../host.ts';
import {runErrands} from '../../running/run-action.ts';
import {type Call, defineVerb} from '../../verb.ts';

const fields = {container: text('Of an instance with several containers this one', 'NAME', {aliases: ['c']})};

/** `INSTANCE:PATH`, or a path of this machine. */
type Word = {readonly instance: string; readonly path: string} | {readonly file: string};

export const copy = defineVerb({
	operands: [{name: 'INSTANCE:PATH|FILE', completes: 'instance'}, {name: 'FILE|INSTANCE:PATH'}],
	fields,
	details:
		'One of the two is in an instance (of a service, the first running one is taken). A folder that is there gets what is copied;\n' +
		'else that is its new name. `FOLDER/.` means what is in the folder. `-` instead of FILE is a tar archive on standard output.',
	examples: ['muster cp web.1:/etc/hosts .', 'muster cp site/. web.1:/srv/www', 'muster cp web.1:/var/log - | tar t'],
	async run(call) {
		const [from, to] = call.operands.map(readWord) as [Word, Word];
		if ('file' in from === 'file' in to) {
			const both = 'file' in from ? 'both are files of this machine' : 'both are in instances';
			throw new ClusterError(
				'usage',
				`one of the two must be INSTANCE:PATH, the other a file of this machine: ${both}`,
			);
		}

		return 'file' in from ? into(call, from.file, to as Exclude<Word, {file: string}>) : outOf(call, from, to);
	},
});

/** What begins with / or . is a file of this machine, whatever comes later. */
function readWord(word: string): Word {
	const [, instance, path] = /^([^:/.][^:/]*):(.*)$/s.exec(word) ?? [];
	if (instance === undefined || path === undefined) {
		return {file: word};
	}

	if (path === '') {
		throw new ClusterError('usage', `${JSON.stringify(word)} names no path: INSTANCE:PATH is allowed`);
	}

	return {instance, path};
}

async function into(
	call: Call<typeof fields>,
	file: string,
	{instance: word, path}: {readonly instance: string; readonly path: string},
): Promise<number> {
	if (file === '-') {
		throw new ClusterError('usage', 'an archive on standard input is not possible: name a file or folder');
	}

	const {host, flags} = call;
	const here = filesOf(host);
	if ((await here.stat(here.resolve(file))) === undefined) {
		throw new ClusterError('not-found', `there is no file ${here.resolve(file)}`);
	}

	const backend = await call.backend();
	const target = await reachRunning(backend, word);
	const action = copyInAction(
		here,
		({files, bytes}) => host.stderr.write(`${amount(files, bytes)} copied to ${stripControl(target.name)}:${path}\n`),
		host.interrupted,
	);
	const input = {source: file, path, ...(flags.container === undefined ? {} : {container: flags.container})};
	const world = {now: host.now(), services: [], instances: [target], nodes: [], images: []};
	return runErrands(call as unknown as Call, world, [{action: action as never, target, input}]);
}

async function outOf(
	call: Call<typeof fields>,
	{instance: word, path}: {readonly instance: string; readonly path: string},
	to: Word,
): Promise<number> {
	const {host, flags, shared} = call;
	const {file} = to as {readonly file: string};
	const backend = await call.backend();
	const there = facet(backend, backend.facets.files, 'copy files of instances');
	const {id, name, scope} = (await reachRunning(backend, word)) as Instance;
	const instance = {kind: 'instance', id, name, ...(scope === undefined ? {} : {scope})} as const;
	const place: Place = {instance, path, container: flags.container};
	const signal = host.interrupted;
	if (file === '-') {
		if (host.stdout.isTTY) {
			throw new ClusterError('usage', 'an archive is not for a terminal: name a file, or pass it on with |');
		}

		if ((await there.stat(instance, path, {container: flags.container, signal})) === undefined) {
			throw new ClusterError('not-found', `${name} has no file ${path}`);
		}

		for await (const chunk of there.read(instance, path, {container: flags.container, signal})) {
			host.stdout.write(chunk);
			await host.stdout.drained();
		}

		return 0;
	}

	if (shared.dryRun) {
		host.stdout.write(`would copy ${stripControl(name)}:${path} to ${filesOf(host).resolve(file)}\n`);
		return 0;
	}

	const {files, bytes, skipped} = await copyOut(there, filesOf(host), place, file, signal);
	for (const one of skipped) {
		host.stderr.write(`left out: ${stripControl(one)}\n`);
	}

	host.stderr.write(`${amount(files, bytes)} copied from ${stripControl(name)}:${path}\n`);
	return 0;
}

function amount(files: number, bytes: number): string {
	return `${files} ${files === 1 ? 'file' : 'files'} (${formatBytes(bytes)})`;
}

function filesOf({files}: Host) {
	if (files === undefined) {
		throw new ClusterError('unsupported', 'there are no files to copy here');
	}

	return files;
}
