import {newId, type Random} from '../core/model/id.ts';
import type {EventTone, Instant} from '../core/model/index.ts';
import type {StoreTransaction} from './store/store.ts';

/** A transaction and its moment. */
export type Write = {readonly tx: StoreTransaction; readonly now: Instant; readonly random: Random};

/** One turn of the control loop: what it writes, and what is to be looked at again later. */
export type Turn = Write & {
	/** Wake up then: the service or node has something to decide by time. */
	recheckService(serviceId: string, at: Instant): void;
	recheckNode(nodeId: string, at: Instant): void;
};

/** What every new object starts with; the store fills in revision and updatedAt. */
export function newMeta({random, now}: Omit<Write, 'tx'>, name: string) {
	return {id: newId(random), name, revision: '', createdAt: now, updatedAt: now};
}

/** Records that something happened to an object. Reason: one word; message: a sentence without the object's name. */
export function emit(
	turn: Write,
	about: {readonly kind: string; readonly id: string; readonly name: string},
	reason: string,
	message: string,
	tone: EventTone = 'normal',
): void {
	turn.tx.put('event', {
		...newMeta(turn, reason),
		kind: 'event',
		tone,
		about: {kind: about.kind, id: about.id, name: about.name},
		message,
	});
}
