import type {Ui} from '../ui.ts';

/** Where a screen's word and what stands behind it lead; without `go`, nowhere. */
export type Way = {readonly text: string; go?(ui: Ui): void};
