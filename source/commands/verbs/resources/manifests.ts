import {concernsOne, someFailed} from '../../../actions/execute.ts';
import {many, text} from '../../../actions/fields/fields.ts';
import {cascadeField} from '../../../actions/resource/cascade.ts';
import {applyManifests, manifestFields, removeManifests} from '../../../actions/resource/manifests.ts';
import {resourcesOf} from '../../../actions/resource/resource.ts';
import {differenceLines} from '../../../core/difference/difference-lines.ts';
import {ClusterError, toClusterError} from '../../../core/error.ts';
import type {AppliedManifest, Manifest, ResourceFacet} from '../../../core/resource/facet.ts';
import {isNeededBy} from '../../../core/resource/needs.ts';
import {groupOf, typeWord} from '../../../core/resource/type.ts';
import {stripControl} from '../../../core/text/text.ts';
import {type ComposeFiles, isComposeFile, readCompose} from '../../compose/read-compose.ts';
import {type FoundManifest, readManifests} from '../../files/manifest-files.ts';
import type {Errand} from '../../running/errand.ts';
import {runErrands, waitFields} from '../../running/run-action.ts';
import {type Call, defineVerb} from '../../verb.ts';
import {applySavedPlan} from '../change/plan.ts';
import {applyCompose, diffCompose, removeCompose} from '../change/stack-apply.ts';

const file = {file: many(text('A file, a folder, or - for standard input', 'FILE', {short: 'f'}))};

function filesOf({flags}: Call<typeof file>): readonly string[] {
	if (flags.file === undefined)
		throw new ClusterError('usage', '--file is missing: a file, a folder, or - for standard input');
	return flags.file;
}

/** Compose files, where the first one is one: they are taken as `stack apply` takes them. */
async function composeIn(call: Call<typeof file>): Promise<ComposeFiles | undefined> {
	const names = filesOf(call);
	return (await isComposeFile(call.host, names[0] ?? '')) ? readCompose(call.host, names) : undefined;
}

export const applyVerb = defineVerb({
	operands: [],
	fields: {...manifestFields, plan: text('Carry out what `muster plan --out FILE` has kept', 'FILE'), ...waitFields},
	writes: true,
	details:
		'By the server: fields that others manage are left to them, or named as conflicts. What fails of one object stops none of the others. --dry-run shows what would change.\nA Compose file is taken as `muster stack apply` takes it, on every engine.\nA plan is carried out only if what it is about is still as it was.',
	examples: [
		'muster apply -f deployment.yaml',
		'kustomize build . | muster apply -f -',
		'muster apply --plan drain.plan',
	],
	async run(call) {
		const {host, flags, shared} = call;
		if (flags.plan !== undefined) {
			if (flags.file !== undefined) throw new ClusterError('usage', 'only one of --file and --plan can be given');
			return applySavedPlan(call, flags.plan);
		}

		const compose = await composeIn(call);
		if (compose !== undefined) return applyCompose(call as never, compose, {});
		const found = await readManifests(host, filesOf(call));
		if (shared.dryRun) {
			await preview(call, found, () => true);
			return 0;
		}

		const manifests = found.map(({manifest}) => manifest);
		const action = applyManifests(manifests, flags.force ?? false, {
			done({change}, {kind, metadata}) {
				host.stderr.write(`${stripControl(`${kind} ${metadata.name}`)} ${change}\n`);
			},
			failed: error => sayFailed(call, error),
		});
		const errand: Errand = {action, target: undefined, input: {file: flags.file, force: flags.force} as never};
		return runQuietly(call, errand);
	},
});

type Previewing = Pick<Call<typeof manifestFields>, 'host' | 'flags' | 'backend'>;

/** Of many, what cannot be said of one is said, and the others are looked at; in the end that throws. */
async function preview(
	call: Previewing,
	found: readonly FoundManifest[],
	isShown: (applied: AppliedManifest) => boolean,
): Promise<void> {
	const {host, flags} = call;
	const resources = resourcesOf(await call.backend());
	const failures: ClusterError[] = [];
	const created: Manifest[] = [];
	for (const {manifest} of found) {
		try {
			const applied = await previewOf(call, resources, manifest, {force: flags.force ?? false, created});
			if (applied.change === 'created') created.push(manifest);
			if (!isShown(applied)) continue;
			const {change, before, after} = applied;
			host.stdout.write(`${stripControl(`${manifest.kind} ${manifest.metadata.name}`)} would be ${change}\n`);
			for (const line of differenceLines(before, after)) host.stdout.write(`  ${line}\n`);
		} catch (thrown) {
			const error = toClusterError(thrown);
			if (found.length === 1 || !concernsOne(error)) throw error;
			sayFailed(call, error);
			failures.push(error);
		}
	}

	if (failures.length > 0) throw someFailed(failures, found.length);
}

function sayFailed({host}: Pick<Call, 'host'>, {message}: ClusterError): void {
	host.stderr.write(`${stripControl(message)}\n`);
}

/** What others manage is shown as it would be taken over, and said: to look at it takes nothing over. */
async function previewOf(
	{host}: Pick<Call, 'host'>,
	resources: ResourceFacet,
	manifest: Manifest,
	{force, created}: {readonly force: boolean; readonly created: readonly Manifest[]},
): Promise<AppliedManifest> {
	try {
		return await resources.apply(manifest, {dryRun: true, force});
	} catch (thrown) {
		const {code, message} = toClusterError(thrown);
		// The server cannot tell what would come of it before the other is there.
		if (code === 'not-found' && created.some(one => isNeededBy(one, manifest))) return asCreated(manifest);
		if (code !== 'conflict' || force) throw thrown;
		const applied = await resources.apply(manifest, {dryRun: true, force: true});
		host.stderr.write(`${message}: apply refuses that without --force\n`);
		return applied;
	}
}

function asCreated(manifest: Manifest): AppliedManifest {
	const {kind, metadata} = manifest;
	return {change: 'created', before: undefined, after: manifest, name: metadata.name, type: kind};
}

export const diffVerb = defineVerb({
	operands: [],
	fields: manifestFields,
	details: 'Ends with 10 where something would change. Nothing is changed.',
	async run(call) {
		const compose = await composeIn(call);
		if (compose !== undefined) return diffCompose(call as never, compose, {});
		let isDifferent = false;
		await preview(call, await readManifests(call.host, filesOf(call)), ({change}) => {
			isDifferent ||= change !== 'unchanged';
			return change !== 'unchanged';
		});
		return isDifferent ? 10 : 0;
	},
});

export const removeManifestsVerb = defineVerb({
	operands: [],
	fields: {...file, ...cascadeField},
	writes: true,
	async run(call) {
		const {host} = call;
		const compose = await composeIn(call);
		if (compose !== undefined) return removeCompose(call as never, compose);
		const found = await readManifests(host, filesOf(call));
		const resources = resourcesOf(await call.backend());
		const types = await resources.types();
		const refs = found.toReversed().map(({manifest: {kind, apiVersion, metadata}}) => {
			const type = types.find(one => one.kind === kind && groupOf(one.apiVersion) === groupOf(apiVersion));
			if (type === undefined && found.length === 1) {
				throw new ClusterError('not-found', `the cluster has no kind ${stripControl(kind)}`);
			}

			// Of many, what went with its kind keeps none of the others: it fails by itself.
			const word = type === undefined ? kind.toLowerCase() : typeWord(type);
			return {type: word, name: metadata.name, scope: metadata.namespace};
		});
		const action = removeManifests(refs, {
			done({type, name}) {
				host.stderr.write(`${stripControl(`${type} ${name}`)} removed\n`);
			},
			failed: error => sayFailed(call, error),
		});
		return runQuietly(call, {
			action,
			target: undefined,
			input: {file: call.flags.file, cascade: call.flags.cascade} as never,
		});
	},
});

/** Of what the model does not know, no world is read. */
export async function runQuietly(call: Pick<Call, never>, errand: Errand): Promise<number> {
	const {host} = call as Call;
	return runErrands(call as Call, {now: host.now(), services: [], instances: [], nodes: [], images: []}, [errand]);
}
