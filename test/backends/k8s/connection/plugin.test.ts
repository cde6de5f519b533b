import {expect, test} from 'vitest';
import {askPlugin, type Plugin} from '../../../../source/backends/k8s/connection/plugin.ts';
import {toClusterError} from '../../../../source/core/error.ts';

const asCredential = (status: string) => `echo '{"kind":"ExecCredential","status":${status}}'`;

/** A shell script as the plugin → what it gives, or `code: message (hint)`. */
function check(name: string, script: string, expected: string, {more = {} as Plugin, limitMs = 60_000} = {}): void {
	test(name, async () => {
		const answer = await askPlugin({command: 'sh', args: ['-c', script], ...more}, '{"spec":1}', limitMs).then(
			({token, cert, endsAt}) => [token, cert, endsAt].filter(part => part !== undefined).join(' '),
			thrown => {
				const {code, message, hint} = toClusterError(thrown);
				return `${code}: ${message}${hint === undefined ? '' : ` (${hint})`}`;
			},
		);
		expect(answer).toBe(expected);
	});
}

const failed = 'not-allowed: the credential plugin sh failed: ';
check('a token', asCredential('{"token":"t"}'), 't');
check('until when it counts', asCredential('{"token":"t","expirationTimestamp":"1970-01-01T00:00:01Z"}'), 't 1000');
check('a certificate', asCredential('{"clientCertificateData":"c","clientKeyData":"k"}'), 'c');
check(
	'what it is told',
	'printf \'{"status":{"token":"%s"}}\' "$WHICH $(echo "$KUBERNETES_EXEC_INFO" | wc -c)"',
	'mine 11',
	{
		more: {env: [{name: 'WHICH', value: 'mine'}]},
	},
);
check('the last that it said', 'echo first >&2; echo not logged in >&2; exit 3', `${failed}not logged in`);
check('nothing said', 'exit 3', `${failed}it ended with 3`);
check('killed', 'kill -9 $$', `${failed}it was ended by SIGKILL`);
check('nothing printed', 'true', `${failed}it printed nothing`);
// Of the parser's words on this only the end was told: `red" is not valid JSON`.
check('rubbish', String.raw`printf 'hello\n\033[31mred'`, `${failed}it printed no credential but "hello red"`);
check('a token alone', 'echo eyJhbGciOi', `${failed}it printed no credential but a word`);
check(
	'a credential of nobody',
	asCredential('{}'),
	`${failed}its answer has neither a token nor a certificate with its key`,
);
check(
	'a certificate alone',
	asCredential('{"clientCertificateData":"c"}'),
	`${failed}its answer has neither a token nor a certificate with its key`,
);
check('whoever asks finds nobody', 'read name || { echo no input >&2; exit 1; }', `${failed}no input`);
check('it hangs', 'exec sleep 1000', `${failed}it has not answered for 0 s`, {limitMs: 50});
check('not there', '', 'not-allowed: the credential plugin no-such-plugin failed: it is not on the PATH (get it)', {
	more: {command: 'no-such-plugin', installHint: 'get it'},
});
check('no program', '', 'not-allowed: the credential plugin /dev/null failed: it cannot be executed', {
	more: {command: '/dev/null'},
});
