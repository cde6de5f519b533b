// What the machine, the terminal or a CI job says must not change what a test sees.
process.env.TZ = 'UTC';
process.env.LANG = 'C.UTF-8';
for (const name of ['CI', 'CONTINUOUS_INTEGRATION', 'DEV', 'NO_COLOR', 'FORCE_COLOR', 'COLUMNS', 'LINES']) {
	delete process.env[name];
}
for (const name of Object.keys(process.env)) {
	if (/^(CI_|MUSTER_(?!HOME$|TEST_))/.test(name)) {
		delete process.env[name];
	}
}
