import {type InstanceState, instanceStates, isFinal, stateTable} from '../../source/core/instance-state.ts';

/** docs/states.md. */
export function statesMarkdown(): string {
	const rows = instanceStates.map(state => {
		const {meaning, owner} = stateTable[state];
		return `| \`${state}\` | ${meaning} | ${owner} | ${isFinal(state) ? 'yes' : ''} |`;
	});
	return `# States of an instance

An instance goes forward only, and is never used again: a restart is a new instance in the same slot. Each state has one
writer, which brings an instance into it.

| State | Meaning | Writer | Final |
|---|---|---|---|
${rows.join('\n')}

\`\`\`mermaid
stateDiagram-v2
	[*] --> pending
${instanceStates.flatMap(arrows).join('\n')}
\`\`\`
`;
}

function arrows(state: InstanceState): string[] {
	const {to} = stateTable[state];
	return to.length === 0 ? [`\t${state} --> [*]`] : to.map(next => `\t${state} --> ${next}`);
}
