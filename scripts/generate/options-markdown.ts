import {flagName} from '../../source/actions/fields/equal-command.ts';
import {containerFields} from '../../source/actions/service/container-fields.ts';
import {serviceFields} from '../../source/actions/service/service-fields.ts';
import {engineNames, engineOptions, type OptionEngine} from '../../source/core/spec/engine-options.ts';

const engines: readonly OptionEngine[] = ['swarm', 'container', 'process', 'kubernetes'];
const fields = {...containerFields, isolate: serviceFields.isolate};

/** docs/options.md. */
export function optionsMarkdown(): string {
	const helpOf = new Map(Object.entries(fields).map(([name, {help}]) => [flagName(name), help]));
	const rows = engineOptions.map(({flag, lacks, swarmApi}) => {
		const cells = engines.map(engine => {
			const since = engine === 'swarm' && swarmApi !== undefined ? `API ${swarmApi}` : 'yes';
			return lacks[engine] === undefined ? since : '–';
		});
		return `| \`--${flag}\` | ${helpOf.get(`--${flag}`)} | ${cells.join(' | ')} |`;
	});
	const refusals = engines.flatMap(engine => [
		`**${engineNames[engine]}**`,
		'',
		...engineOptions.flatMap(({flag, lacks}) =>
			lacks[engine] === undefined ? [] : [`- \`--${flag}\`: … ${lacks[engine]}.`],
		),
		'',
	]);
	return `# Docker's rarer options

\`muster service create\` and \`update\` take them under docker's names; in a spec they are members of \`template.container\`, of
\`template.reserve.generic\`, \`template.limit.pids\` and \`endpointMode\`. What an engine has not is refused, never left out in silence.

| Flag | | Swarm | local: \`docker:IMAGE\` | local: process | Kubernetes |
|---|---|---|---|---|---|
${rows.join('\n')}

- \`update\` takes lists and maps by \`--…-add\` and \`--…-rm\`, too. \`--cap-add\` and \`--cap-drop\` have docker's way: a capability that was dropped is no
  longer dropped when it is added, and is given when it is added once more. What has no flag that takes it away goes by \`null\` in the YAML.
- \`--read-only\` is muster's own flag, which changes nothing whatever is asked; docker's is \`--read-only-root\`.
- What follows IMAGE are the arguments of the image's entrypoint, or of \`--entrypoint\`.
- Locally, a container on muster's networks asks muster's name server first, and that asks the first \`--dns\` for all other names.
- Kubernetes adds \`--dns\` to its own name servers, takes \`--group\` as a number, and \`--generic-resource\` with a domain: \`example.org/gpu=1\`. An
  image's own health check is never made there: \`--no-healthcheck\` takes away that of the service.

## What is refused, and why

${refusals.join('\n').trimEnd()}
`;
}
