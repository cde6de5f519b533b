import {Document, isScalar, visit} from 'yaml';
import {escapeUnsafe} from './json.ts';

/** As YAML; texts that a terminal would act on are in double quotes, escaped. */
export function toYaml(value: unknown): string {
	const document = new Document(value, {aliasDuplicateObjects: false});
	visit(document, {
		Scalar(_, node) {
			if (isScalar(node) && typeof node.value === 'string' && escapeUnsafe(node.value) !== node.value) {
				node.type = 'QUOTE_DOUBLE';
			}
		},
	});
	return escapeUnsafe(document.toString({lineWidth: 0}));
}
