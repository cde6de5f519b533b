// What a command loads on its way to a cluster: opens the kubeconfig's context, lists, and prints the packages that were asked
// for meanwhile, as JSON.
import {registerHooks} from 'node:module';

const packages = new Set<string>();
registerHooks({
	resolve(specifier, context, next) {
		const found = next(specifier, context);
		const [, name] = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(found.url) ?? [];
		if (name !== undefined) packages.add(name);
		return found;
	},
});
const {open, discover} = await import('../../../source/backends/k8s/index.ts');
const [entry] = await discover({env: process.env});
const backend = await open(entry?.name ?? '', {env: process.env});
const asked = process.argv.slice(2) as ReadonlyArray<'service' | 'instance' | 'node' | 'event'>;
const said: string[] = [];
for (const kind of asked) await backend.list({kind}).catch(error => said.push(String(error.message)));
backend.close();
process.stdout.write(`${JSON.stringify({packages: [...packages].toSorted(), said})}\n`);
