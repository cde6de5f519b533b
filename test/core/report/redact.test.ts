import {expect, test} from 'vitest';
import {createRedactor, type Private} from '../../../source/core/report/redact.ts';

const known: readonly Private[] = [
	{text: 'web', shown: 'service-1'},
	{text: 'web-admin', shown: 'service-2'},
	{text: '/home/ann/state', shown: '<home>', anywhere: true},
	{text: '/home/ann', shown: '~', anywhere: true},
	{text: 'a+b(c', shown: '<hidden>', anywhere: true},
];

test.each([
	['what muster says stays', 'agent 123 is connected with 4 instances', 'agent 123 is connected with 4 instances'],
	['a time stays', '2026-01-02T03:04:05.678Z ends: SIGTERM', '2026-01-02T03:04:05.678Z ends: SIGTERM'],
	['a boot id stays', 'boot 0b5c1e52-86c1-4d6f-b45a-0b8e6d3b1f11', 'boot 0b5c1e52-86c1-4d6f-b45a-0b8e6d3b1f11'],
	['loopback stays', 'listens on 127.0.0.1:8080 and 0.0.0.0:80', 'listens on 127.0.0.1:8080 and 0.0.0.0:80'],
	['a name as a word', 'web.3 of web failed, webs went on', 'service-1.3 of service-1 failed, webs went on'],
	['the longer name', 'web-admin', 'service-2'],
	['the longer path', '/home/ann/state/store.db and /home/ann/x', '<home>/store.db and ~/x'],
	['a value with signs', 'xa+b(cy', 'x<hidden>y'],
	['a password in a URL', 'postgres://joe:hunter2@127.0.0.1/db', 'postgres://<hidden>@127.0.0.1/db'],
	['a user in a URL', 'https://joe@127.0.0.1/', 'https://<hidden>@127.0.0.1/'],
	['what is called a password', 'PASSWORD=hunter2 x', 'PASSWORD=<hidden> x'],
	['within a longer name', 'DB_PASSWORD: "a b c" x', 'DB_PASSWORD: <hidden> x'],
	['in JSON', '{"apiKey":"k1","n":1}', '{"apiKey":<hidden>,"n":1}'],
	['a token by its word', 'Authorization: Bearer abc.def.ghi', 'Authorization: <hidden>'],
	['a bearer alone', 'sent bearer abc', 'sent bearer <hidden>'],
	['a long key', 'got eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9 from it', 'got <hidden> from it'],
	['a hash', 'of 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b', 'of <hidden>'],
	['a certificate', '-----BEGIN PRIVATE KEY-----MIIEv', '<hidden>'],
	['an address', 'connect 10.1.2.3:443', 'connect <address>:443'],
	['an address of the new kind', 'connect fe80:0:0:1:2:3:4:5 now', 'connect <address> now'],
	['an e-mail address', 'mail joe@corp.example', 'mail <address>'],
	['a name of a host', 'lookup db.prod.corp.example failed', 'lookup <host> failed'],
])('%s', (_, line, expected) => {
	expect(createRedactor(known)(line)).toBe(expected);
});

test('where nothing is known, patterns still count', () => {
	expect(createRedactor([])('token=x')).toBe('token=<hidden>');
});
