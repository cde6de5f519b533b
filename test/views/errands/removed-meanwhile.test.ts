import {stripVTControlCharacters} from 'node:util';
import {expect, test} from 'vitest';
import {frameLines} from '../../../source/views/frame.ts';
import {readCluster} from '../../helpers/cluster-text.ts';
import {createScriptedCluster} from '../../helpers/scripted-cluster.ts';
import {openUi} from '../../helpers/ui.ts';

async function open() {
	const {services, nodes, instances} = readCluster(
		'node n1 · service web replicas 2 · instance web.1 on n1 running · instance web.2 on n1 running',
	);
	const cluster = createScriptedCluster([...services, ...nodes, ...instances]);
	const harness = await openUi([], {cluster});
	const drop = async () => {
		cluster.drop(services[0]?.id ?? '');
		await harness.advance(500);
	};
	const text = () => stripVTControlCharacters(frameLines(harness.ui).join('\n'));
	return {...harness, cluster, instances, drop, text};
}

// The question went on asking, with what it would stop, and was refused only when it was answered.
test('a question about what somebody else has removed says so, and does nothing', async () => {
	const {press, drop, text, cluster, advance} = await open();
	press('ctrl-d');
	expect(text()).toContain('Remove the service web');
	await drop();
	expect(text()).toContain('✗ web was removed meanwhile.');
	expect(text()).not.toContain('Remove the service web');
	press('enter');
	await advance(500);
	expect(cluster.writes).toEqual([]);
	expect(text()).toContain('web was removed meanwhile.');
	press('esc');
	expect(text()).not.toContain('Remove web');
});

// A form went on telling how many instances its change would bring.
test('a form to change what somebody else has removed says so, and does nothing', async () => {
	const {press, drop, text, cluster, advance} = await open();
	press('u', 'tab', 'tab', 'ctrl-u', '5');
	await advance(500);
	expect(text()).toContain('3 new');
	await drop();
	expect(text()).toContain('web was removed meanwhile.');
	expect(text()).not.toContain('3 new');
	press('enter');
	await advance(500);
	expect(cluster.writes).toEqual([]);
	expect(text()).toContain('Change a service: web');
});

test('the instances of a service that somebody else has removed are not said to be a matter of scaling', async () => {
	const {press, drop, text, cluster, instances, advance} = await open();
	press('enter');
	for (const {id} of instances) cluster.drop(id);
	await advance(500);
	expect(text()).toContain('Scale a service with +');
	await drop();
	expect(text()).toContain('web is gone. Press esc to go back.');
});
