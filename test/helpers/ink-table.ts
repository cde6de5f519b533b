import {createRequire} from 'node:module';
import * as ink from 'ink';

// ink-table is CommonJS and requires Ink, which is not. A bundle joins them; where there is none, Ink is put into require's
// cache before it asks.
const require = createRequire(import.meta.url);
const id = require.resolve('ink');
const cached = {id, filename: id, path: id, loaded: true, exports: ink, children: [], paths: []};
require.cache[id] ??= cached as unknown as NodeJS.Module;
