import module from 'node:module';

/** By then the first frame is drawn. */
const delayMs = 2000;

/**
 * Keeps V8's compiled code for later starts while what the start was made of is still in it. Node does so by itself at the end:
 * after hours V8 has forgotten code that ran once, and of what is killed nothing is kept. The answer ends it.
 */
export function keepCompiledCode(): () => void {
	const timer = setTimeout(() => module.flushCompileCache(), delayMs);
	return () => clearTimeout(timer);
}
