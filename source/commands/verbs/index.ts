/* Every verb but those that list, which have to be quick: together they are loaded on use. */
export * from './change.ts';
export * from './completion.ts';
export * from './context.ts';
export * from './daemon.ts';
export * from './demo.ts';
export * from './events.ts';
export * from './exec.ts';
export * from './health.ts';
export * from './history.ts';
export * from './inspect.ts';
export * from './logs.ts';
export * from './manifests.ts';
export * from './resources.ts';
export * from './rollout-status.ts';
export * from './top.ts';
export * from './version.ts';
export * from './wait.ts';
