import {expect, test} from 'vitest';
import {run} from '../run.ts';

const cluster = `at 60s · node n1
	service web kind deployment replicas 1 desired 1 · service shop kind statefulset replicas 1 desired 1
	instance web.1 on n1 running at 10s · instance shop.1 on n1 running at 10s`;

/** The names that it lists, or what it says. */
async function names(line: string): Promise<string> {
	const {code, stdout, stderr} = await run(line, {cluster});
	return code === 0 ? stdout.trim() : `${code} ${stderr.split('\n')[0]}`;
}

test.each([
	['ps deploy/web -o name', 'web.1'],
	['ps deployment.apps/web -o name', 'web.1'],
	['ps sts/shop -o name', 'shop.1'],
	['ps svc/shop -o name', 'shop.1'],
	['ps sts/web -o name', '3 muster ps: There is no service "sts/web".'],
	['ps ship/web -o name', '3 muster ps: There is no service "ship/web".'],
	['instance inspect pods/web.1 --format {{.name}}', 'web.1'],
	['node inspect node/n1 --format {{.name}}', 'n1'],
])('%s', async (line, expected) => {
	expect(await names(line)).toBe(expected);
});

test('what changes something knows these words, too', async () => {
	const {code, stdout} = await run('scale deploy/web=3 --dry-run', {cluster});
	expect([code, stdout]).toEqual([0, expect.stringContaining('muster service scale web=3')]);
});
