import {describe, expect, test} from 'vitest';
import {
	formatFile,
	formatMount,
	formatNetwork,
	parseFile,
	parseMount,
	parseNetwork,
} from '../../../source/actions/service/attachments.ts';
import {toClusterError} from '../../../source/core/error.ts';

function checker<T>(parse: (found: string) => T, format: (value: T) => string) {
	return (found: string, expected: T, again = found) => {
		test(found, () => {
			expect(parse(found)).toStrictEqual(expected);
			expect(format(expected)).toBe(again);
			expect(parse(again)).toStrictEqual(expected);
		});
	};
}

function refuser(parse: (found: string) => unknown) {
	return (found: string, expected: string) => {
		test(`not ${found}`, () => {
			let error = '';
			try {
				parse(found);
			} catch (thrown) {
				error = toClusterError(thrown).message;
			}

			expect(error).toContain(expected);
		});
	};
}

describe('--network', () => {
	const check = checker(parseNetwork, formatNetwork);
	const refuse = refuser(parseNetwork);
	check('back', {network: 'back'});
	check('name=back', {network: 'back'}, 'back');
	check('name=back,alias=db,alias=store', {network: 'back', aliases: ['db', 'store']});
	refuse('alias=db', '"alias=db" is not a network: NAME');
	refuse('name=back,driver=x', 'is not a network');
});

describe('--mount', () => {
	const check = checker(parseMount, formatMount);
	const refuse = refuser(parseMount);
	check('type=volume,source=data,target=/data', {type: 'volume', source: 'data', target: '/data'});
	check(
		'src=data,dst=/data,ro',
		{type: 'volume', source: 'data', target: '/data', readOnly: true},
		'type=volume,source=data,target=/data,readonly',
	);
	check('type=volume,source=data,target=d,per-slot', {type: 'volume', source: 'data', target: 'd', perSlot: true});
	check('type=volume,target=/tmp/x', {type: 'volume', target: '/tmp/x'});
	check(
		'type=tmpfs,target=/t,tmpfs-size=64m',
		{type: 'tmpfs', target: '/t', sizeBytes: 67_108_864},
		'type=tmpfs,target=/t,tmpfs-size=64m',
	);
	check(
		'type=bind,source=/srv,target=/srv,readonly=false',
		{type: 'bind', source: '/srv', target: '/srv'},
		'type=bind,source=/srv,target=/srv',
	);
	refuse('type=nfs,target=/x', 'is not a mount');
	refuse('type=volume,source=data', 'is not a mount');
	refuse('type=volume,target=/x,readonly=maybe', 'readonly true or false');
});

describe('--secret', () => {
	const check = checker(parseFile, formatFile);
	const refuse = refuser(parseFile);
	check('key', {source: 'key'});
	check('source=key', {source: 'key'}, 'key');
	check('source=key,key=tls.crt,target=/tls.crt', {source: 'key', key: 'tls.crt', target: '/tls.crt'});
	check('source=key,target=/etc/key,mode=0440,uid=1,gid=g,version=3', {
		source: 'key',
		target: '/etc/key',
		mode: 0o440,
		uid: '1',
		gid: 'g',
		version: 3,
	});
	check('source=key,on-change=hup', {source: 'key', onChange: 'SIGHUP'}, 'source=key,on-change=SIGHUP');
	refuse('source=key,mode=9', 'is not NAME, or source=NAME');
	refuse('source=key,on-change=later', 'update, none, or a signal');
	refuse('target=key', 'is not NAME, or source=NAME');
});
