import {createRequire} from 'node:module';
import {expect, test} from 'vitest';
import stringWidth from '../../source/views/terminal/string-width.ts';

// Found from where Ink finds it: it is Ink's dependency, not ours.
const require = createRequire(createRequire(import.meta.url).resolve('ink'));
const {default: original} = (await import(require.resolve('string-width'))) as {default: (text: string) => number};

test.each([
	'',
	'web.1',
	'▸ web  ███▊░ 34 % ▃▅▆ 8080→80 ✗ ✓ ⟳ 5/8 … – · ● ○ ◌ ↑ ↓ ↵ ›',
	'größer, naïve, Ωμέγα, привет',
	'gro\u0308ßer',
	'日本語のサービス',
	'한글',
	'👍🏽 👨‍👩‍👧 🇩🇪 ❤️',
	'\x1b[1m\x1b[38;5;244mbold\x1b[39m\x1b[22m',
	'┌──┬──┐│  │',
])('%j is as wide as the package says', text => {
	expect(stringWidth(text)).toBe(original(text));
});
