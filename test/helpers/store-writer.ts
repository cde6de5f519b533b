import {writeSync} from 'node:fs';
import {toClusterError} from '../../source/core/error.ts';
import {createMemoryStore} from '../../source/orchestrator/store/memory-store.ts';
import {openSqlite} from '../../source/orchestrator/store/sqlite.ts';
import {aNode, aService} from './objects.ts';

// A process that writes a store as fast as it can: `store-writer.ts FILE`. Each transaction makes a node and a service of
// the same number; once it is acknowledged the number is printed. Ends at the first refused write, with its code and what
// the store still tells.

const [, , file = ''] = process.argv;
const store = createMemoryStore({persistence: openSqlite(file)});
const filler = 'x'.repeat(500);
for (let number = 1; ; number++) {
	try {
		store.transact(number % 3 === 0, number, tx => {
			tx.put('node', aNode(`n${number}`, {spec: {availability: 'active', labels: {filler}, capacity: {}}}));
			tx.put('service', aService(`s${number}`));
		});
	} catch (thrown) {
		const {code, message} = toClusterError(thrown);
		writeSync(1, `${JSON.stringify({code, message, nodes: store.count('node'), services: store.count('service')})}\n`);
		process.exit(1);
	}

	writeSync(1, `${number}\n`);
}
