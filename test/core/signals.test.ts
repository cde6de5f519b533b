import {expect, test} from 'vitest';
import {checkSignal, signalName} from '../../source/core/signals.ts';

test.each([
	['TERM', 'SIGTERM'],
	['sigusr1', 'SIGUSR1'],
	['9', 'SIGKILL'],
	['15', 'SIGTERM'],
])('%s is %s', (text, name) => {
	expect(checkSignal(text)).toBe(text);
	expect(signalName(text)).toBe(name);
});

// `kill --signal BOGUS` sent SIGTERM, and said that it had sent SIGBOGUS.
test.each(['BOGUS', 'SIGBOGUS', '', '99', 'SIG', 'constructor'])('%s is none', text => {
	expect(() => checkSignal(text)).toThrow(`${JSON.stringify(text)} is not a signal such as TERM, SIGKILL or 9`);
});
