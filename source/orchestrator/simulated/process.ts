import type {Health, Instant} from '../../core/model/index.ts';
import type {Assignment} from '../fleet.ts';
import {type Behavior, behaviorVariable, parseBehavior} from './behavior.ts';
import {between} from './random.ts';
import type {World} from './world.ts';

const failsWithinMs = [50, 3000] as const;
const sickensAfterMs = [1000, 8000] as const;
const codeOfSigkill = 137;
const codeOfSigterm = 143;

/** The process of an instance: lives by its behavior, whatever becomes of the agent that started it. */
export class SimulatedProcess {
	readonly assignment: Assignment;
	readonly nodeId: string;
	readonly startedAt: Instant;
	readonly pid: number;
	/** What a health check would find. */
	health: Health;
	endedAt: Instant | undefined;
	/** Written when it ends; never, when the power went or its supervisor was killed. */
	exitCode: number | undefined;
	/** A container: Docker runs it, whatever becomes of what stands for it. */
	readonly isContainer: boolean;
	/** A container whose stand-in is gone: it runs on until somebody removes it, and nobody writes how it ends. */
	isLeft = false;
	readonly #world: World;
	readonly #behavior: Behavior;
	readonly #changed: () => void;
	readonly #timers: Array<() => void> = [];

	/** `changed`: its health is another, or it has ended. */
	constructor(world: World, nodeId: string, assignment: Assignment, changed: () => void) {
		this.#world = world;
		this.#changed = changed;
		this.#behavior = parseBehavior(assignment.template.env[behaviorVariable] ?? '');
		this.assignment = assignment;
		this.isContainer = assignment.template.image.startsWith('docker:');
		this.nodeId = nodeId;
		this.startedAt = world.clock.now();
		this.pid = 1000 + Math.floor(world.random() * 30_000);
		this.health = assignment.template.health === undefined ? 'none' : 'starting';
		this.#live();
	}

	get isAlive(): boolean {
		return this.endedAt === undefined;
	}

	/** The stop signal. Who would pass it on to a container may be gone. */
	terminate(): void {
		if (!this.isLeft && this.#behavior.stopMs !== undefined) {
			this.#after(between(this.#world.random, this.#behavior.stopMs), () => this.#end(codeOfSigterm));
		}
	}

	kill(): void {
		this.#end(codeOfSigkill);
	}

	/** Ends together with its supervisor: nobody writes its exit code. */
	vanish(): void {
		this.#end(undefined);
	}

	/** What watches over it is killed: a command ends with it, a container does not. */
	loseSupervisor(): void {
		if (this.isContainer && this.isAlive) {
			this.isLeft = true;
			this.#changed();
		} else {
			this.vanish();
		}
	}

	#live(): void {
		const {random} = this.#world;
		const {lifeMs, exitCode, warmUpMs} = this.#behavior;
		if (this.#happens(this.#behavior.fail)) {
			this.#after(between(random, failsWithinMs), () => this.#end(exitCode === 0 ? 1 : exitCode));
		}

		if (lifeMs !== undefined) {
			this.#after(between(random, lifeMs), () => this.#end(exitCode));
		}

		if (this.health === 'starting') {
			this.#after(between(random, warmUpMs), () => this.#feel('healthy'));
			if (this.#happens(this.#behavior.sicken)) {
				this.#after(warmUpMs[1] + between(random, sickensAfterMs), () => this.#feel('unhealthy'));
			}
		}
	}

	#happens(chance: number): boolean {
		return chance >= 1 || (!this.#world.isCalm && this.#world.random() < chance);
	}

	#feel(health: Health): void {
		this.health = health;
		this.#changed();
	}

	#end(exitCode: number | undefined): void {
		if (this.isAlive) {
			this.endedAt = this.#world.clock.now();
			this.exitCode = this.isLeft ? undefined : exitCode;
			for (const cancel of this.#timers) {
				cancel();
			}

			this.#world.observer.note?.(() => `process of ${this.assignment.instanceName} ended (${exitCode ?? 'vanished'})`);
			this.#changed();
		}
	}

	#after(delayMs: number, run: () => void): void {
		this.#timers.push(this.#world.clock.after(delayMs, run));
	}
}
