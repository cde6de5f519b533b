import {expect, test} from 'vitest';
import {destination} from '../../../source/actions/instance/copy-files.ts';
import {parsePortPair} from '../../../source/actions/instance/forwarded-ports.ts';
import {toClusterError} from '../../../source/core/error.ts';

/** As docker's cp: `file a → b` where b is there as the third word says. */
function told(what: 'file' | 'folder', source: string, path: string, kind: 'file' | 'folder' | undefined): string {
	try {
		const {folder, name} = destination({source, kind: what}, {path, kind});
		return `${name} in ${folder}`;
	} catch (error) {
		const {code, message} = toClusterError(error);
		return `${code}: ${message}`;
	}
}

test.each<[Parameters<typeof told>, string]>([
	[['file', 'a/b.txt', '/srv', 'folder'], 'b.txt in /srv'],
	[['file', 'b.txt', '/srv/c.txt', 'file'], 'c.txt in /srv'],
	[['file', 'b.txt', '/srv/c.txt', undefined], 'c.txt in /srv'],
	[['file', 'b.txt', '/c.txt', undefined], 'c.txt in /'],
	[['file', 'b.txt', 'c.txt', undefined], 'c.txt in .'],
	[['file', 'b.txt', '/srv/', undefined], 'not-found: the folder /srv/ is not there'],
	[['file', 'b.txt', '/srv/', 'file'], 'conflict: the folder /srv/ is a file'],
	[['folder', 'site', '/srv', 'folder'], 'site in /srv'],
	[['folder', 'site/', '/srv', 'folder'], 'site in /srv'],
	[['folder', 'site/.', '/srv', 'folder'], '. in /srv'],
	[['folder', '.', '/srv', 'folder'], '. in /srv'],
	[['folder', '/', '/srv', 'folder'], '. in /srv'],
	[['folder', '..', '/srv', 'folder'], '. in /srv'],
	[['folder', 'site', '/srv/www', undefined], 'www in /srv'],
	[['folder', 'site/.', '/srv/www/', undefined], 'www in /srv'],
	[['folder', 'site', '/srv/x', 'file'], 'conflict: a folder cannot be copied to /srv/x, which is a file'],
	[['file', '.profile', '/root', 'folder'], '.profile in /root'],
])('%j', (words, expected) => {
	expect(told(...words)).toBe(expected);
});

test.each([
	['80', '80:80'],
	['8080:80', '8080:80'],
	[':80', '0:80'],
	['0:80', '0:80'],
	['65536', 'usage'],
	['80:0', 'usage'],
	['a:80', 'usage'],
	['', 'usage'],
	['1:2:3', 'usage'],
])('ports %j', (text, expected) => {
	let found: string;
	try {
		const {local, remote} = parsePortPair(text);
		found = `${local}:${remote}`;
	} catch (error) {
		found = toClusterError(error).code;
	}

	expect(found).toBe(expected);
});
