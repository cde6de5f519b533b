import {isObject} from '../../core/difference/merge-patch.ts';
import {same} from '../../core/difference/three-way.ts';
import type {Resource} from '../../core/model/index.ts';
import type {Manifest} from '../../core/resource/facet.ts';
import {stripControl} from '../../core/text/text.ts';
import type {Yaml} from '../../core/yaml.ts';

/** An object beyond the model as it is opened in an editor. */
export function resourceDocument({title, name}: Resource, object: Manifest, yaml: Yaml): string {
	return [
		`# ${stripControl(title)} ${stripControl(name)}. Saved and left, what was changed is shown before it is done.`,
		'# Left as it is, nothing is done. Lines that begin with # are not read.',
		yaml.stringify(object),
	].join('\n');
}

export type ManifestReading = {readonly object: Manifest} | {readonly problems: readonly string[]};

/** What was made of it: the object that is meant stays the same one. */
export function readResourceDocument(text: string, opened: Manifest, yaml: Yaml): ManifestReading {
	let value: unknown;
	try {
		value = yaml.parse(text);
	} catch (error) {
		return {problems: [error instanceof Error ? error.message : String(error)]};
	}

	if (!isObject(value) || !isObject(value.metadata)) {
		return {problems: ['there is no object with metadata']};
	}

	const {apiVersion, kind, metadata} = value;
	const fixed = [
		['apiVersion', apiVersion, opened.apiVersion],
		['kind', kind, opened.kind],
		['metadata.name', metadata.name, opened.metadata.name],
		['metadata.namespace', metadata.namespace, opened.metadata.namespace],
	] as const;
	const problems = fixed.flatMap(([path, found, was]) =>
		same(found, was) ? [] : [`${path} cannot be changed: ${JSON.stringify(was)} is ${JSON.stringify(found)}`],
	);
	return problems.length > 0 ? {problems} : {object: value as unknown as Manifest};
}
