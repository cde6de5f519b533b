import type {ConfigReading, Ports} from '../ports.ts';
import type {Ui} from '../ui.ts';
import {settingsOf} from './apply.ts';

/** Takes on what the config file says, as it was read and whenever it changes; a mistake is told, and what was before stays. */
export function followConfig(ui: Ui, {config}: Ports, first: ConfigReading): () => void {
	const take = (reading: ConfigReading, isFirst: boolean) => {
		if ('mistake' in reading) {
			ui.configure(undefined, reading.mistake);
			ui.say('bad', `✗ ${reading.mistake}`);
			return;
		}

		const {mouse} = ui.settings;
		ui.configure(settingsOf(reading.config, ui.executor.backend.name));
		if (!isFirst) {
			// Only when the file says otherwise than before: it may have been given to the terminal by hand.
			ui.terminal.hasMouse = mouse === ui.settings.mouse ? ui.terminal.hasMouse : ui.settings.mouse;
			ui.say('good', '✓ the config file was read again');
		}
	};
	take(first, true);
	return config.watch(reading => take(reading, false));
}
