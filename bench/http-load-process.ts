// `node bench/http-load-process.ts PORT CONNECTIONS SECONDS [PATH]`: the load of http-load.ts, its result as JSON.
import {setTimeout as wait} from 'node:timers/promises';
import {startHttpLoad} from './http-load.ts';

const [port, connections, seconds, path = '/'] = process.argv.slice(2);
const load = startHttpLoad({port: Number(port), connections: Number(connections), path});
await wait(Number(seconds) * 1000);
process.stdout.write(`${JSON.stringify(await load.stop())}\n`);
