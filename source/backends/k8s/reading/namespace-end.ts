import type {ClusterError} from '../../../core/error.ts';
import type {Hub} from './hub.ts';
import {type KeptNamespace, namespaceGoing, namespaceGone} from './namespaces.ts';
import type {ReflectorChange} from './reflector.ts';

type Watched = {
	readonly scope: string;
	/** Whether nothing of it is left to show. */
	isEmpty(): boolean;
	/** Also where it cannot be told any more: whoever watches asks again. */
	ended(why: ClusterError): void;
};

export type NamespaceEnd = {
	/** Something less may be there now. */
	look(): void;
	leave(): void;
};

/**
 * Calls when the namespace that is looked at is deleted, or on its way out with nothing left to show: to the server the collections of
 * one that is not there are just empty, and their streams go on. Who may not watch it is told nothing.
 */
export function onNamespaceEnd(
	hub: Pick<Hub, 'namespace'>,
	{scope, isEmpty, ended}: Watched,
	signal: AbortSignal,
): NamespaceEnd {
	const reflector = hub.namespace(scope);
	let leave: (() => void) | undefined;
	let isLeft = false;
	const look = () => {
		if (leave !== undefined && [...reflector.items.values()].some(({isGoing}) => isGoing) && isEmpty()) {
			ended(namespaceGoing(scope));
		}
	};
	const listener = {
		changed({after}: ReflectorChange<KeptNamespace>) {
			if (after === undefined) ended(namespaceGone(scope));
			else look();
		},
		failed: ended,
	};
	reflector.join(listener, signal).then(
		end => {
			if (isLeft) {
				end();
				return;
			}

			leave = end;
			if (reflector.items.size === 0 && isEmpty()) ended(namespaceGone(scope));
			look();
		},
		() => {},
	);
	return {
		look,
		leave() {
			isLeft = true;
			leave?.();
		},
	};
}
