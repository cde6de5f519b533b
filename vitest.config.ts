import {defineConfig} from 'vitest/config';

export default defineConfig({
	test: {
		include: ['test/**/*.test.{ts,tsx}'],
		globalSetup: ['test/setup/global.ts'],
		setupFiles: ['test/setup/environment.ts'],
		pool: 'forks',
		maxWorkers: 2,
		testTimeout: 15_000,
		hookTimeout: 30_000,
		// Hundreds of real processes on a machine that others use too: once more, and .ci/run names what needed it.
		retry: process.env.CI ? 1 : 0,
	},
});
