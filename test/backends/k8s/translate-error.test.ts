import {expect, test} from 'vitest';
import {answerError, connectionError, inSentence, refusalText} from '../../../source/backends/k8s/translate-error.ts';

/** `code: message`, with the hint behind it. */
function check(name: string, status: number, body: unknown, expected: string): void {
	test(name, () => {
		const {code, message} = answerError(status, typeof body === 'string' ? body : JSON.stringify(body), 'GET /x');
		expect(`${code}: ${message}`).toBe(expected);
	});
}

const status = (message: string, details = {}) => ({kind: 'Status', message, details});

check(
	'credentials that have run out',
	401,
	status('Unauthorized'),
	'not-allowed: the cluster does not accept the credentials of the kubeconfig',
);
check('what may not be done', 403, status('pods is forbidden'), 'not-allowed: pods is forbidden');
check(
	'http where https is spoken',
	400,
	'Client sent an HTTP request to an HTTPS server.\n',
	'unreachable: the server speaks https://, and the kubeconfig names it by http://',
);
test('who is nobody to the server is told so', () => {
	const refused = (user: string) =>
		answerError(403, JSON.stringify(status(`pods is forbidden: User "${user}"`)), '').hint;
	expect([refused('ann'), refused('system:anonymous')]).toEqual([
		undefined,
		'The kubeconfig gives no credentials for this context that the server knows.',
	]);
});
check(
	'a webhook that refuses, whatever status it gave',
	400,
	status('admission webhook "x" denied the request: no'),
	'not-allowed: admission webhook "x" denied the request: no',
);
check(
	'a server that lives without its storage',
	500,
	'[+]ping ok\n[-]etcd failed: reason withheld\n[+]shutdown ok\nlivez check failed',
	'unreachable: the API server answers, but its storage does not: etcd is silent',
);
check(
	'another check that fails says nothing of its storage',
	500,
	'[+]ping ok\n[-]poststarthook/x failed: reason withheld\nlivez check failed',
	'failed: the API server failed: [+]ping ok',
);
check(
	'a manifest with a value of the wrong type',
	500,
	status(
		'failed to create typed patch object (default/d; apps/v1, Kind=Deployment): .spec.replicas: expected numeric (int or float), got string',
	),
	'usage: .spec.replicas: expected numeric (int or float), got string',
);
check(
	'a webhook that is not there is no failure of the server',
	500,
	status('Internal error occurred: failed calling webhook "x.example": failed to call webhook: connection refused'),
	'failed: the webhook x.example, which would have to allow it, cannot be asked: connection refused',
);
check(
	'a node that is silent is no failure of the server',
	500,
	status('Get "https://10.0.0.2:10250/containerLogs/d/web/main?timestamps=true": dial tcp 10.0.0.2:10250: i/o timeout'),
	'unreachable: the API server cannot reach the kubelet of its node: dial tcp 10.0.0.2:10250: i/o timeout',
);
check(
	'a session with one, too',
	500,
	status('error dialing backend: dial tcp 10.0.0.2:10250: connect: connection refused'),
	'unreachable: the API server cannot reach the kubelet of its node: dial tcp 10.0.0.2:10250: connect: connection refused',
);
check(
	'a page for people, of what stands before the server',
	503,
	'<html>\n<head><title>503 Service Unavailable</title></head><body>nginx</body></html>',
	'unreachable: the API server cannot answer: 503 Service Unavailable',
);
check('a page without a title', 500, '<!DOCTYPE html><p>oops', 'failed: the API server failed: HTTP status 500');
check('what is not there', 404, status('pods "x" not found'), 'not-found: pods "x" not found');
check('a path that is none', 404, '404 page not found', 'not-found: GET /x: there is no such thing here');
check('somebody was quicker', 409, status('the object has been modified'), 'conflict: the object has been modified');
check('a past that is forgotten', 410, status('too old resource version'), 'expired: too old resource version');
check(
	'wrong fields, a line each',
	422,
	status('Deployment is invalid', {
		causes: [
			{field: 'spec.a', message: 'too long'},
			{field: 'spec.a', message: 'too long'},
			{field: 'spec.b', message: 'Required'},
		],
	}),
	'usage: spec.a: too long\nspec.b: Required',
);
check(
	'what cannot be changed is told without all that is there now',
	422,
	status('Job is invalid', {
		causes: [{field: 'spec.template', message: `Invalid value: {"a":{"b":"${'x'.repeat(300)}"}}: field is immutable`}],
	}),
	'usage: spec.template: field is immutable',
);
check(
	'who manages what somebody wants to apply',
	409,
	status('Apply failed with 3 conflicts: …', {
		causes: [
			{field: '.spec.replicas', message: 'conflict with "scaler" using apps/v1'},
			{field: '.spec.paused', message: 'conflict with "hand\u001b[2J"'},
			{field: '.spec.x', message: 'conflict with "scaler" using apps/v1'},
		],
	}),
	'conflict: scaler manages .spec.replicas, .spec.x; hand manages .spec.paused',
);
check(
	'logs of a run that there was not',
	400,
	status('previous terminated container "web" in pod "web-1" not found'),
	'not-found: previous terminated container "web" in pod "web-1" not found',
);
check(
	'a budget',
	429,
	status('Cannot evict pod as it would violate the budget.', {
		causes: [{message: 'The disruption budget web needs 3'}],
	}),
	'timeout: the cluster asks to wait: the disruption budget web needs 3',
);
check(
	'an etcd that is away',
	500,
	status('etcdserver: request timed out'),
	'unreachable: the API server failed: etcdserver: request timed out',
);
check(
	'what a proxy says',
	503,
	'<html><title>\u001b[2Jno</title></html>',
	'unreachable: the API server cannot answer: no',
);

test('a refusal in a protocol buffer is read as one in JSON', () => {
	const text = (number: number, value: string) =>
		Buffer.concat([Buffer.from([number * 8 + 2, value.length]), Buffer.from(value)]);
	const status = Buffer.concat([text(2, 'Failure'), text(3, 'secrets is forbidden'), Buffer.from([6 * 8, 147, 3])]);
	const envelope = Buffer.concat([
		text(1, 'v1 Status'),
		Buffer.from([2 * 8 + 2, status.length]),
		status,
		text(3, ''),
		text(4, ''),
	]);
	const body = refusalText(Buffer.concat([Buffer.from('k8s\0'), envelope]));
	expect(JSON.parse(body)).toEqual({message: 'secrets is forbidden', code: 403});
	expect(refusalText(Buffer.from('k8s\0\u00ff'))).toBe('');
});

test.each([
	['ECONNREFUSED', /cannot be reached: nothing listens there/],
	['SELF_SIGNED_CERT_IN_CHAIN', /certificate of https:\/\/x is not signed by an authority/],
	['CERT_HAS_EXPIRED', /has run out/],
	['ERR_TLS_CERT_ALTNAME_INVALID', /belongs to another host/],
])('%s', (code, expected) => {
	const error = connectionError(Object.assign(new Error('x'), {code}), 'https://x');
	expect(error.code).toBe('unreachable');
	expect(error.message).toMatch(expected);
});

check(
	'two budgets on one pod are no failure of the server',
	500,
	status('This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.'),
	'failed: it has more than one disruption budget: no eviction is possible',
);

test.each([
	['The disruption budget web needs 3', 'the disruption budget web needs 3'],
	['Cannot evict pod as it would violate it.', 'cannot evict pod as it would violate it.'],
	['Invalid value: -1: must be more', 'invalid value: -1: must be more'],
	['Internal error occurred: oh no', 'internal error occurred: oh no'],
	// Names of kinds and of people, and what is quoted.
	['Pod "web" is invalid: spec', 'Pod "web" is invalid: spec'],
	['Deployment.apps "web" is invalid', 'Deployment.apps "web" is invalid'],
	['HorizontalPodAutoscaler is full', 'HorizontalPodAutoscaler is full'],
	['User "ann" cannot list', 'User "ann" cannot list'],
	['CSI is not there', 'CSI is not there'],
	['pods "web" is forbidden', 'pods "web" is forbidden'],
])('behind a colon %s', (said, expected) => {
	expect(inSentence(said)).toBe(expected);
});

test('of each field of a refusal', () => {
	const causes = [{field: 'spec.replicas', message: 'Invalid value: -1: must be greater than or equal to 0'}];
	const {message} = answerError(422, JSON.stringify(status('Deployment.apps "web" is invalid', {causes})), '');
	expect(message).toBe('spec.replicas: invalid value: -1: must be greater than or equal to 0');
});
