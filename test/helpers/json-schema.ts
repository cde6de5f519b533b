type Schema = {
	readonly type?: string;
	readonly enum?: readonly unknown[];
	readonly anyOf?: readonly Schema[];
	readonly items?: Schema;
	readonly properties?: Readonly<Record<string, Schema>>;
	readonly required?: readonly string[];
	readonly additionalProperties?: boolean | Schema;
	readonly format?: string;
};

const typeOf = (value: unknown): string =>
	value === null ? 'null' : Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value;

/** What is wrong with a value by a JSON Schema; of the keywords only those that docs/schema uses. */
export function schemaProblems(schema: Schema, value: unknown, path = '$'): string[] {
	const {type, enum: values, anyOf, items, format} = schema;
	if (anyOf !== undefined) {
		const each = anyOf.map(one => schemaProblems(one, value, path));
		return each.some(problems => problems.length === 0) ? [] : (each[0] ?? []);
	}

	if (values !== undefined && !values.includes(value)) {
		return [`${path} is ${JSON.stringify(value)}, not one of ${values.join(', ')}`];
	}

	const found = typeOf(value);
	if (type !== undefined && found !== type && !(type === 'number' && found === 'integer')) {
		return [`${path} is ${found}, not ${type}`];
	}

	if (format === 'date-time' && new Date(String(value)).toJSON() !== value) {
		return [`${path} is ${JSON.stringify(value)}, not a time`];
	}

	if (items !== undefined) {
		return (value as unknown[]).flatMap((item, index) => schemaProblems(items, item, `${path}[${index}]`));
	}

	return type === 'object' ? memberProblems(schema, value as Record<string, unknown>, path) : [];
}

function memberProblems(schema: Schema, value: Readonly<Record<string, unknown>>, path: string): string[] {
	const {properties = {}, required = [], additionalProperties} = schema;
	const missing = required.filter(name => !Object.hasOwn(value, name)).map(name => `${path}.${name} is missing`);
	const wrong = Object.entries(value).flatMap(([name, member]) => {
		const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
		if (known !== undefined) {
			return schemaProblems(known, member, `${path}.${name}`);
		}

		return typeof additionalProperties === 'object'
			? schemaProblems(additionalProperties, member, `${path}.${name}`)
			: additionalProperties === false
				? [`${path}.${name} is not known`]
				: [];
	});
	return [...missing, ...wrong];
}
