import {expect, test} from 'vitest';
import {withSocket} from '../../../../source/backends/local/agent/answer-socket.ts';

const endpoints = [
	{target: 80, host: '127.0.0.1', port: 20_001},
	{target: 81, host: '127.0.0.1', port: 20_002},
];

/** The sockets at which the two ports of an instance are answered besides. */
function check(name: string, image: object | undefined, expected: ReadonlyArray<string | undefined>, user?: string) {
	test(name, () => {
		const assignment = {image, template: user === undefined ? {} : {user}} as never;
		const found = withSocket({assignment, paths: {socket: '/s'}}, endpoints);
		expect(found.map(({socket}) => socket)).toEqual(expected);
	});
}

check('the port of the image is', {port: 80, socket: true}, ['/s', undefined]);
check('of an image that does not say so none is', {port: 80}, [undefined, undefined]);
check('of an executable none is', undefined, [undefined, undefined]);
check('of another user none is: a link may lie there', {port: 80, socket: true}, [undefined, undefined], 'nobody');
test('where the path would be too long none is', () => {
	const assignment = {image: {port: 80, socket: true}, template: {}} as never;
	expect(withSocket({assignment, paths: {socket: undefined}}, endpoints)).toBe(endpoints);
});
