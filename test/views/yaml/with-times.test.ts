import {expect, test} from 'vitest';
import {stringify} from 'yaml';
import {withTimes} from '../../../source/views/yaml/with-times.ts';

// The screen showed createdAt: 1796054077842.
test('instants are times, and other numbers stay', () => {
	const object = {
		createdAt: 1_767_218_100_000,
		updatedAt: 0,
		status: {at: 1_767_218_100_500, startedAt: 9e15, failedUntil: 1_767_218_101_000, exitCode: 1_767_218_100_000},
		spec: {delayMs: 5000, format: 7, labels: {at: 'noon', lookedAt: '12'}},
	};
	expect(stringify(object, withTimes)).toBe(`createdAt: 2025-12-31T21:55:00.000Z
updatedAt: 0
status:
  at: 2025-12-31T21:55:00.500Z
  startedAt: 9000000000000000
  failedUntil: 2025-12-31T21:55:01.000Z
  exitCode: 1767218100000
spec:
  delayMs: 5000
  format: 7
  labels:
    at: noon
    lookedAt: "12"
`);
});
