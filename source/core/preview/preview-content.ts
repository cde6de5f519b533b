import type {Config, FileAttachment, Secret, Service} from '../model/index.ts';
import type {Preview, PreviewRow} from './preview.ts';
import {previewUpdate} from './preview-update.ts';
import type {ClusterWorld} from './world.ts';

/** What new content brings to the services that have it: which are updated, told by a signal, or stay with what they have. */
export function previewContent(world: ClusterWorld, object: Config | Secret): Preview {
	const found = world.services
		.filter(service => !service.removing && service.scope === object.scope)
		.flatMap(service => {
			const file = filesOf(service, object).find(({source}) => source === object.name);
			return file === undefined ? [] : [effectOn(world, service, object, file)];
		})
		.toSorted((a, b) => (a.row.name < b.row.name ? -1 : 1));
	const [only] = found.length === 1 ? found : [];
	if (only !== undefined) {
		return {summary: `${only.row.name}: ${only.row.change}`, rows: only.blocked};
	}

	const groups = Map.groupBy(found, ({group}) => group);
	const parts = [...groups].map(([group, ones]) => `${group} ${ones.map(({row}) => row.name).join(', ')}`);
	return {
		summary: parts.join('; ') || 'no service has it',
		rows: found.flatMap(({row, blocked}) => [row, ...blocked]),
	};
}

type Effect = {
	readonly group: string;
	readonly row: PreviewRow;
	readonly blocked: readonly PreviewRow[];
};

function effectOn(world: ClusterWorld, service: Service, object: Config | Secret, file: FileAttachment): Effect {
	const {name} = service;
	const {onChange = 'update', version} = file;
	const say = (group: string, change: string): Effect => ({group, row: {name, change}, blocked: []});
	if (onChange.startsWith('SIG')) {
		return say(`tells by ${onChange}`, `its files change, and it is told by ${onChange}`);
	}

	// What an engine's own controllers watch over gets new files where it runs, but for one that is mounted alone.
	const isOfEngine = service.type !== undefined;
	if (onChange === 'none' || (isOfEngine && file.key === undefined)) {
		return say('changes the files of', 'its files change, no instance is replaced');
	}

	if (!isOfEngine && version !== undefined && version < (object.version ?? 0)) {
		return say('nothing for', `stays with version ${version}, to which it went back`);
	}

	const {summary, rows} = previewUpdate(world, service, withVersion(service, object, (object.version ?? 1) + 1));
	return {group: 'updates', row: {name, change: summary}, blocked: rows};
}

function filesOf({spec: {template}}: Service, {kind}: Config | Secret): readonly FileAttachment[] {
	return (kind === 'config' ? template.configs : template.secrets) ?? [];
}

function withVersion(service: Service, object: Config | Secret, version: number): Service['spec'] {
	const files = filesOf(service, object).map(file => (file.source === object.name ? {...file, version} : file));
	const {template} = service.spec;
	return {...service.spec, template: {...template, [object.kind === 'config' ? 'configs' : 'secrets']: files}};
}
