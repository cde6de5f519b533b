import type {Preview} from '../../actions/action.ts';
import {type Plan, withoutSecret} from '../../actions/execute.ts';
import {stripControl} from '../../core/text/text.ts';
import {toJson} from '../output/json.ts';
import type {Call} from '../verb.ts';

/** What would be done, on standard output: for people, or as data. */
export async function printDryRun({host, shared}: Call, plans: readonly Plan[]): Promise<void> {
	const data = plans.map(({command, steps, preview}) => ({
		command,
		steps: steps.map(withoutSecret),
		preview: preview ?? null,
	}));
	if (shared.output === 'json' || shared.output === 'ndjson') {
		const text = shared.output === 'json' ? toJson(data, '  ') : data.map(one => toJson(one)).join('\n');
		host.stdout.write(`${text}\n`);
	} else if (shared.output === 'yaml') {
		const {toYaml} = await import('../output/yaml.ts');
		host.stdout.write(toYaml(data));
	} else {
		host.stdout.write(plans.map(planText).join(''));
	}
}

function planText({command, steps, preview}: Plan): string {
	const lines = preview === undefined ? steps.map(stepText) : previewLines(preview);
	return [command, ...lines.map(line => `  ${line}`)].map(line => `${stripControl(line)}\n`).join('');
}

function previewLines({summary, rows}: Preview): string[] {
	return [
		summary,
		...rows.map(({name, change, note, blocked}) =>
			[blocked ? '✗' : ' ', name, change, note].filter(part => part !== undefined).join('  '),
		),
	];
}

function stepText(step: Plan['steps'][number]): string {
	switch (step.type) {
		case 'apply':
			return `${step.create ? 'create' : 'change'} ${step.ref.kind} ${step.ref.name}: ${JSON.stringify(withoutSecret(step).patch)}`;
		case 'remove':
			return `remove ${step.ref.kind} ${step.ref.name}`;
		case 'effect':
			return step.todo;
	}
}
