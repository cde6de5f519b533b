import {record, text} from './check.ts';

/** Labels of services and nodes: keys as docker's and Kubernetes' users write them, any text without NUL as value. */
export const labels = record(
	256,
	{
		allowed: 'letters, digits and "._/-", at most 255 characters, beginning and ending with a letter or digit',
		pattern: /^(?=.{1,255}$)[0-9A-Za-z]([-0-9A-Za-z._/]*[0-9A-Za-z])?$/,
	},
	text(4096),
);
