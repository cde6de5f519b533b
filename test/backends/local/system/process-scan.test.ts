import {expect, test} from 'vitest';
import {roleOf} from '../../../../source/backends/local/system/process-scan.ts';

// A gateway was never started while somebody who had MUSTER_HOME set looked at a file of that name; `daemon stop --all`
// would have killed his editor.
test.each([
	['/n/bin/node /opt/muster/dist/muster daemon', 'daemon'],
	['/n/bin/node /opt/muster/dist/muster gateway', 'gateway'],
	['/n/bin/node /opt/muster/dist/muster agent n1', 'agent n1'],
	['/n/bin/node /opt/muster/dist/muster agent', undefined],
	['/n/bin/node /opt/muster/dist/muster daemon stop', undefined],
	['/n/bin/node /opt/muster/dist/muster ps', undefined],
	['/n/bin/node /opt/muster/dist/muster', undefined],
	['less gateway', undefined],
	['man muster daemon', undefined],
	['vi /opt/muster/daemon', undefined],
	['daemon', undefined],
	['', undefined],
])('%s → %s', (words, role) => {
	expect(roleOf(words.split(' '))?.join(' ')).toBe(role);
});
