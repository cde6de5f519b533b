import {
	chmodSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	truncateSync,
	writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {beforeEach, expect, onTestFinished, test} from 'vitest';
import {addImage} from '../../../../source/backends/local/images/add-image.ts';
import {loadImages, removeImage} from '../../../../source/backends/local/images/index.ts';

let root: string;
let home: {images: string};
let app: string;

beforeEach(() => {
	root = mkdtempSync(path.join(tmpdir(), 'muster-images-'));
	onTestFinished(() => rmSync(root, {recursive: true}));
	home = {images: path.join(root, 'images')};
	mkdirSync(home.images);
	app = path.join(root, 'app');
	file('image.yaml', 'command: [./run, a]\n');
	file('run', '#!/bin/sh\n');
	chmodSync(path.join(app, 'run'), 0o755);
});

function file(name: string, text = ''): void {
	mkdirSync(path.dirname(path.join(app, name)), {recursive: true});
	writeFileSync(path.join(app, name), text);
}

/** Nothing was written: neither the image nor a part of it. */
function expectNothingAdded(): void {
	expect(readdirSync(home.images)).toEqual([]);
}

test('the built-in images are there', async () => {
	const {images, problems} = await loadImages(home);
	expect(problems).toEqual([]);
	expect(images.map(({name, origin, port}) => [name, origin, port])).toEqual([
		['crash', 'built in', undefined],
		['nodejs', 'built in', 80],
		['static', 'built in', 80],
		['worker', 'built in', undefined],
	]);
	for (const image of images) {
		expect(existsSync(path.join(image.path, image.command[1] ?? ''))).toBe(true);
	}
});

test('an added image is a copy that can be used and removed', async () => {
	file('deep/er/data', 'x'.repeat(100_000));
	symlinkSync('deep/er/data', path.join(app, 'link'));
	const added = await addImage(app, undefined, home);
	expect(added).toMatchObject({name: 'app', command: ['./run', 'a'], origin: 'added', path: `${home.images}/app`});
	rmSync(app, {recursive: true});
	expect(statSync(path.join(added.path, 'run')).mode & 0o777).toBe(0o755);
	expect(readFileSync(path.join(added.path, 'link'), 'utf8')).toHaveLength(100_000);
	expect((await loadImages(home)).images).toContainEqual(added);
	await removeImage('app', home);
	expectNothingAdded();
});

test('it may have a name of its own', async () => {
	await addImage(app, 'other', home);
	await addImage(app, undefined, home);
	expect((await loadImages(home)).images.map(({name}) => name)).toEqual(expect.arrayContaining(['app', 'other']));
});

test('names that are taken, also by a built-in image', async () => {
	await addImage(app, undefined, home);
	await expect(addImage(app, undefined, home)).rejects.toMatchObject({
		code: 'conflict',
		message: 'There is an image named app already.',
	});
	await expect(addImage(app, 'nodejs', home)).rejects.toMatchObject({code: 'conflict'});
});

test('two at the same time: one of them', async () => {
	const results = await Promise.allSettled([addImage(app, undefined, home), addImage(app, undefined, home)]);
	expect(results.map(({status}) => status).sort()).toEqual(['fulfilled', 'rejected']);
	expect(readdirSync(home.images)).toEqual(['app']);
});

test('a name that is none', async () => {
	await expect(addImage(app, '../app', home)).rejects.toMatchObject({code: 'usage'});
	expectNothingAdded();
});

test('a folder that is not there, or has no image.yaml', async () => {
	await expect(addImage(path.join(root, 'nope'), undefined, home)).rejects.toMatchObject({
		code: 'not-found',
		message: `There is no folder ${root}/nope.`,
	});
	rmSync(path.join(app, 'image.yaml'));
	await expect(addImage(app, undefined, home)).rejects.toMatchObject({
		code: 'not-found',
		message: `There is no ${app}/image.yaml.`,
	});
});

test.each([
	['to an absolute path', '/etc/passwd'],
	['to what lies outside', '../images'],
	['to nothing', 'missing'],
])('a link %s is refused', async (_, target) => {
	symlinkSync(target, path.join(app, 'link'));
	await expect(addImage(app, undefined, home)).rejects.toMatchObject({
		code: 'usage',
		message: `${app}/link is a link to ${target}, which leads out of the folder.`,
	});
	expectNothingAdded();
});

test('a folder that is too large is refused before anything is copied', async () => {
	file('large');
	truncateSync(path.join(app, 'large'), 600 * 2 ** 20);
	await expect(addImage(app, undefined, home)).rejects.toMatchObject({
		code: 'usage',
		message: `${app} is too large for an image: allowed are 512 MiB in 50000 files.`,
	});
	expectNothingAdded();
});

test('what another process left half done is cleared away and never an image', async () => {
	mkdirSync(path.join(home.images, '.new-1-1'));
	writeFileSync(path.join(home.images, '.new-1-1/image.yaml'), 'command: [a]');
	expect((await loadImages(home)).images.map(({origin}) => origin)).not.toContain('added');
	await addImage(app, undefined, home);
	expect(readdirSync(home.images)).toEqual(['app']);
});

test('a damaged image hides no other', async () => {
	await addImage(app, undefined, home);
	mkdirSync(path.join(home.images, 'bad'));
	writeFileSync(path.join(home.images, 'bad/image.yaml'), 'command: 5');
	const {images, problems} = await loadImages(home);
	expect(images.map(({name}) => name)).toContain('app');
	expect(problems.map(({message}) => message)).toEqual([
		`${home.images}/bad/image.yaml: command must be a list, found 5`,
	]);
});

test('what is built in or unknown cannot be removed', async () => {
	await expect(removeImage('nodejs', home)).rejects.toMatchObject({code: 'not-allowed'});
	await expect(removeImage('nope', home)).rejects.toMatchObject({code: 'not-found'});
});
