import type {Home} from '../backends/local/home.ts';
import {addImage} from '../backends/local/images/add-image.ts';
import {loadImages, removeImage} from '../backends/local/images/index.ts';
import {ClusterError} from '../core/error.ts';
import type {Image} from '../core/model/index.ts';
import type {Orchestrator} from '../orchestrator/orchestrator.ts';

/** The images of this home: what lies in their folders is what the orchestrator knows. */
export class ImageBoard {
	readonly #home: Home;
	readonly #orchestrator: Orchestrator;
	readonly #log: (message: string) => void;

	constructor(home: Home, orchestrator: Orchestrator, log: (message: string) => void) {
		this.#home = home;
		this.#orchestrator = orchestrator;
		this.#log = log;
	}

	/** Reads them all again. One that is damaged is left out and told. */
	async load(): Promise<void> {
		const {images, problems} = await loadImages(this.#home);
		for (const {message} of problems) {
			this.#log(`an image is left out: ${message}`);
		}

		this.#orchestrator.putImages(images);
	}

	async add(folder: string, name: string | undefined): Promise<Image> {
		const {name: added} = await addImage(folder, name, this.#home);
		await this.load();
		return this.#find(added);
	}

	/** Throws `conflict` while a service is made from it. */
	async remove(name: string): Promise<void> {
		const user = [...this.#orchestrator.store.all('service')].find(({spec}) => imageName(spec.template.image) === name);
		if (user) {
			throw new ClusterError('conflict', `Service ${user.name} is made from the image ${name}.`, {
				hint: `Remove the service first: muster service rm ${user.name}`,
			});
		}

		await removeImage(name, this.#home);
		await this.load();
	}

	#find(name: string): Image {
		const image = this.#orchestrator.store.byName('image', name);
		if (!image) {
			throw new ClusterError('not-found', `The image ${name} is gone again.`);
		}

		return image;
	}
}

function imageName(written: string): string | undefined {
	return /^(?:image:)?([^:]*)$/.exec(written)?.[1];
}
