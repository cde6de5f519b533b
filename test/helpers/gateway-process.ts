// The gateway as a process of its own, with a stand-in for the daemon that it starts: that one only says that it was.
import {appendFileSync} from 'node:fs';
import path from 'node:path';
import {runGateway} from '../../source/backends/local/gateway/index.ts';
import {ownHome} from '../../source/backends/local/home.ts';

const home = ownHome();
if (process.argv[2] === 'daemon') {
	appendFileSync(path.join(home.state, 'daemon-started'), `${process.pid}\n`);
	process.exit(1);
}

process.exit(await runGateway({home}));
