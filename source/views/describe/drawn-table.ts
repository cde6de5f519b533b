import type {Ui} from '../ui.ts';
import type {StaticRow} from '../widgets/static-table.tsx';

/** A static table as lines of text. It is drawn between two frames: Ink draws nothing while it draws something else. */
export class DrawnTable {
	#key = '';
	#lines: readonly string[] = [];

	/** As it was drawn last; where that is not what is asked for, it comes with a next frame. */
	linesOf(ui: Ui, rows: readonly StaticRow[]): readonly string[] {
		const columns = ui.state.size.columns - 4;
		const key = JSON.stringify([columns, rows]);
		if (key !== this.#key) {
			this.#key = key;
			void this.#draw(ui, rows, columns);
		}

		return this.#lines;
	}

	async #draw(ui: Ui, rows: readonly StaticRow[], columns: number): Promise<void> {
		// Loaded on use: the first frame of the dashboard does not wait for it.
		const {staticTableLines} = await import('../widgets/static-table.tsx');
		this.#lines = staticTableLines(rows, columns);
		ui.refresh();
	}
}
