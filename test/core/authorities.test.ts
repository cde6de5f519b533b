import {expect, test} from 'vitest';
import {usualAuthorities} from '../../source/core/authorities.ts';

test('the own list, what the machine trusts, and what the user has added', () => {
	const lists = {system: ['machine'], extra: ['added']};
	expect(usualAuthorities({rootCertificates: ['own'], getCACertificates: type => lists[type]})).toEqual([
		'own',
		'machine',
		'added',
	]);
});

test('an older Node has only its own list', () => {
	expect(usualAuthorities({rootCertificates: ['own']})).toEqual(['own']);
});
