/* Parts that JSON Schemas are made of. */

export type Schema = Readonly<Record<string, unknown>>;

export const text = (description?: string): Schema => ({
	type: 'string',
	...(description === undefined ? {} : {description}),
});
export const integer = (description?: string): Schema => ({
	type: 'integer',
	...(description === undefined ? {} : {description}),
});
export const number = (description: string): Schema => ({type: 'number', description});
export const flag = (description: string): Schema => ({type: 'boolean', description});
export const oneOf = (...values: readonly string[]): Schema => ({enum: values});
export const list = (items: Schema): Schema => ({type: 'array', items});
export const map = (description: string): Schema => ({
	type: 'object',
	additionalProperties: {type: 'string'},
	description,
});
export const orNull = (schema: Schema): Schema => ({anyOf: [schema, {type: 'null'}]});
export const time = (description: string): Schema => ({type: 'string', format: 'date-time', description});

/** All members are there, but for those that end with `?`. */
export function object(members: Readonly<Record<string, Schema>>, description?: string): Schema {
	return {
		type: 'object',
		...(description === undefined ? {} : {description}),
		properties: Object.fromEntries(Object.entries(members).map(([name, schema]) => [name.replace('?', ''), schema])),
		required: Object.keys(members).filter(name => !name.endsWith('?')),
		additionalProperties: false,
	};
}
