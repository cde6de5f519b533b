// The bare loop in a process of its own, so that who watches it is not held up by it:
// floor-process.ts COUNT FIRST_PORT PATH COMMAND ARG… prints the milliseconds.
import {bareLoop} from './floor.ts';

const [count, firstPort, path = '/', ...command] = process.argv.slice(2);
process.stdout.write(`${await bareLoop(command, Number(count), Number(firstPort), path)}\n`);
