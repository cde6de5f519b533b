import {instanceStates} from '../../source/core/instance-state.ts';
import {integer, list, object, oneOf, orNull, text} from './schema-parts.ts';

/* What is told of an instance by itself, and among those on a network. */

export const state = oneOf(...instanceStates);
export const health = oneOf('none', 'starting', 'healthy', 'unhealthy');
export const endpoints = list(
	object({
		target: integer(),
		host: text(),
		port: integer(),
		'socket?': text('A unix socket where it answers, too'),
	}),
);

/** A service on a network. */
export const member = object(
	{
		service: text(),
		names: list(text('By which it is reached there')),
		address: orNull(text('At which it is reached there')),
		desired: integer(),
		healthy: integer(),
		instances: list(object({id: text(), name: text(), node: orNull(text()), state, health, endpoints})),
	},
	'Told by inspect',
);
