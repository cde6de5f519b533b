import {configKeys, configSchema} from '../../source/cli/config/control.ts';
import {roleNames} from '../../source/views/theme.ts';

type Schema = {
	readonly description?: string;
	readonly type?: string;
	readonly enum?: readonly string[];
	readonly anyOf?: readonly Schema[];
	readonly items?: Schema;
	readonly properties?: Readonly<Record<string, Schema>>;
	readonly additionalProperties?: Schema | false;
};

const example = `    theme: mine
    themes:
      mine: {base: dark, roles: {title: bold, good: "#80c080", selected: bold on 24}}
    keys:
      services.restart: ctrl-r
      list.down: [j, down, ctrl-j]
    commands:
      - {name: top, key: ctrl-t, screens: nodes, command: "ssh {{name}} top", screen: true}
      - {name: ticket, key: X, screens: all, command: "open-ticket {{context}} {{kind}} {{name}}", confirm: true}
    columns:
      services: [{title: TEAM, path: spec.labels.team, width: 12}]
    contexts:
      "swarm:prod": {confirm: [service.rm, node.drain]}
      "k8s:*": {readOnly: true}
`;

/** docs/config.md: what is said by hand, and the tables that repeat code. */
export function configMarkdown(): string {
	const cell = (text: string) => text.replaceAll('|', '\\|');
	const members = membersOf(configSchema() as Schema, '').map(([path, text]) => `| \`${path}\` | ${cell(text)} |`);
	const keys = configKeys().map(({name, keys: own, help}) => {
		const shown = own.map(key => `\`${cell(key)}\``).join(' ');
		return `| \`${name}\` | ${shown} | ${cell(help)} |`;
	});
	return `# The config file

\`muster settings path\` says where it is: \`config.yaml\` in the folder of the configuration (\`$MUSTER_HOME/config\`, else
\`$XDG_CONFIG_HOME/muster\`, else \`~/.config/muster\`). There need not be one. A running dashboard takes on what changes in it within a
second. A mistake is shown with file and line, and what was in force stays so until it is mended; \`muster settings check\` lists
all of them. [schema/config-file.json](schema/config-file.json), which \`muster settings schema\` prints too, lets editors complete it.

${example}
A placeholder such as \`{{name}}\` is put in as one word of a shell, whatever is in it, and so must not stand within quotes. A command has
\`MUSTER_CONTEXT\` in its environment: what it calls of muster goes to the same cluster. The policy of a context holds for commands too:
\`readOnly\` ends what would change something with 6, and \`confirm\` wants the name to be typed (or \`--yes\`). While the file cannot be
understood, commands change nothing.

## Members

| Member | |
|---|---|
${members.join('\n')}

Roles of a theme: ${roleNames.map(role => `\`${role}\``).join(' ')}.

## Keys

\`muster settings keys\` prints these, too. Where each key of a row does something else, as many have to be given. Keys in a line that
is typed (enter, esc, tab, …) stay as they are.

| Name | Keys | |
|---|---|---|
${keys.join('\n')}
`;
}

function membersOf(schema: Schema, path: string): ReadonlyArray<readonly [path: string, text: string]> {
	const inner = schema.items ?? schema.anyOf?.find(({items}) => items !== undefined)?.items;
	if (schema.properties !== undefined) {
		return Object.entries(schema.properties).flatMap(([name, member]) =>
			membersOf(member, path === '' ? name : `${path}.${name}`),
		);
	}

	if (schema.additionalProperties) {
		return [[path, schema.description ?? ''], ...membersOf(schema.additionalProperties, `${path}.NAME`)];
	}

	if (schema.type === 'array' && inner?.properties !== undefined) {
		return [[path, schema.description ?? ''], ...membersOf(inner, `${path}[]`)];
	}

	return [[path, textOf(schema)]];
}

const mostChoices = 20;

function textOf({description, anyOf, enum: choices}: Schema): string {
	const text = description ?? anyOf?.map(one => one.description).find(found => found !== undefined) ?? '';
	return choices !== undefined && choices.length <= mostChoices ? `${text}: ${choices.join(', ')}` : text;
}
