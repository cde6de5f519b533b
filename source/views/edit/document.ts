import {checkSpec, type PatchedKind, wholeSpec} from '../../actions/patch-spec.ts';
import {isObject} from '../../core/difference/merge-patch.ts';
import type {Objects} from '../../core/model/index.ts';
import {stripControl} from '../../core/text/text.ts';
import type {Yaml} from '../../core/yaml.ts';

export type Edited = Objects[PatchedKind];

/** An object as it is opened in an editor. */
export function documentOf({kind, name, spec}: Edited, yaml: Yaml): string {
	return [
		`# ${kind} ${stripControl(name)}. Change what is below spec; saved and left, what that brings is shown first.`,
		'# Left as it is, nothing is done. Lines that begin with # are not read.',
		yaml.stringify({spec}),
	].join('\n');
}

export type DocumentReading = {readonly spec: unknown} | {readonly problems: readonly string[]};

/** What was made of a document: a whole spec, or all that is wrong with it. */
export function readDocument(text: string, {kind}: Edited, yaml: Yaml): DocumentReading {
	let value: unknown;
	try {
		value = yaml.parse(text);
	} catch (error) {
		return {problems: [error instanceof Error ? error.message : String(error)]};
	}

	if (!isObject(value) || !isObject(value.spec)) {
		return {problems: ['there is no spec: what can be changed stands below the line "spec:"']};
	}

	const others = Object.keys(value).filter(name => name !== 'spec');
	if (others.length > 0) {
		return {problems: [`only spec can be changed, found also ${others.map(name => JSON.stringify(name)).join(', ')}`]};
	}

	const spec = wholeSpec(kind, value.spec);
	const problems = checkSpec(kind, spec).map(({path, message}) => `${path} ${message}`);
	return problems.length > 0 ? {problems} : {spec};
}
