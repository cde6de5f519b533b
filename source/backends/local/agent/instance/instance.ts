import {unknownHealth} from '../../../../core/health.ts';
import {isFinal} from '../../../../core/instance-state.ts';
import {type InstanceStep, nextStep} from '../../../../core/instance-step.ts';
import type {InstanceStatus} from '../../../../core/model/index.ts';
import type {Assignment, DeliveredFile} from '../../../../orchestrator/fleet.ts';
import type {InstancePaths} from '../../home.ts';
import type {ProcessNote, StatusNote} from '../../instance-notes.ts';
import type {AgentContext} from '../context.ts';
import {writeFiles} from '../launch/attachments.ts';
import type {Found} from './adoption.ts';
import {ended, perform} from './instance-effects.ts';
import {type InstanceRecord, newRecord, runs, see} from './instance-record.ts';
import {adoptRun, mainPid, type Run} from './run.ts';
import {toSignal} from './signal.ts';

const retryMs = 1000;
const youngMs = 2000;
/** These end nothing; the last of the others that was sent is taken for the reason of an end. */
const harmless = new Set(['SIGCONT', 'SIGSTOP', 'SIGTSTP', 'SIGWINCH', 'SIGCHLD', 'SIGURG']);

/** One instance of this node: looks at it, decides by `nextStep`, does that, and looks again. */
export class AgentInstance {
	readonly #record: InstanceRecord;
	#isDriving = false;
	/** There is a status.json. */
	#isNoted = false;
	#timer: NodeJS.Timeout | undefined;

	/** `changed` is called when there is something to report. */
	constructor(context: AgentContext, assignment: Assignment, changed: (instance: AgentInstance) => void) {
		this.#record = newRecord(context, assignment, {
			report: () => changed(this),
			resume: () => this.resume(),
		});
	}

	get id(): string {
		return this.#record.assignment.instanceId;
	}

	get assignment(): Assignment {
		return this.#record.assignment;
	}

	get paths(): InstancePaths {
		return this.#record.paths;
	}

	get status(): InstanceStatus {
		return this.#record.status;
	}

	get isFinal(): boolean {
		return isFinal(this.status.state);
	}

	/** Is being started, or was so a moment ago. */
	get isStarting(): boolean {
		const {observed, isOrdered, run} = this.#record;
		return observed.process === 'none' ? isOrdered && !this.isFinal : isYoung(run);
	}

	/** Undefined when nothing of it runs. */
	get run(): Run | undefined {
		return this.#record.observed.process === 'alive' ? this.#record.run : undefined;
	}

	/** What it was told and reports, to be written for the next agent; undefined while process.json says as much. */
	nextNote(): StatusNote | undefined {
		const {status, wish} = this.#record;
		const isToStop = wish.desired === 'stopped';
		if (!isToStop && status.state === 'running' && !this.#isNoted) {
			const isPlain = status.health === 'none' || (status.health === 'starting' && !status.healthMessage);
			if (isPlain) {
				return undefined;
			}
		}

		this.#isNoted = true;
		return {status, ...(isToStop && {stop: {reason: wish.reason ?? ''}})};
	}

	/** Takes up what an earlier agent left. */
	takeUp({note, status, end}: Found): void {
		const record = this.#record;
		record.mayRunUnnoted = true;
		record.status = status?.status ?? (note ? {...record.status, ...statusFrom(note)} : record.status);
		this.#isNoted = status !== undefined;
		if (status?.stop) {
			record.wish = {...record.wish, desired: 'stopped', reason: status.stop.reason};
		}

		if (this.isFinal) {
			see(record, {state: this.status.state, process: 'ended'});
		} else if (end) {
			record.cgroup = note?.inCgroup ? record.context.cgroups?.open(this.id) : undefined;
			see(record, {state: this.status.state, process: 'ended', end, starts: note?.starts ?? 0});
		} else if (note) {
			const known = status ? {...unknownHealth, health: status.status.health} : unknownHealth;
			runs(record, adoptRun(record.context, record, note, ended(record)), known);
			this.findPid();
		}
	}

	/** The daemon wants it to run. Of one that is not new it seems to know too little. */
	order(): void {
		if (this.status.state !== 'preparing') {
			this.#record.report();
		}

		this.#record.isOrdered = true;
		this.resume();
	}

	/** What it reads as files: written now where it runs, else when it is prepared. */
	give(files: readonly DeliveredFile[]): void {
		const record = this.#record;
		record.files = files;
		const isPrepared = this.status.state !== 'preparing' || record.plan !== undefined;
		if (!isPrepared || this.isFinal || !record.context.mayAct()) {
			return;
		}

		try {
			for (const signal of writeFiles(record.context, record, files)) {
				this.run?.supervised.signal(toSignal(signal));
			}
		} catch (error) {
			record.context.log(`${this.assignment.instanceName}: ${(error as Error).message}`);
		}
	}

	stop(reason: string): void {
		const {wish} = this.#record;
		if (wish.desired === 'running') {
			this.#record.wish = {...wish, desired: 'stopped', reason};
		}

		this.#record.report();
		this.resume();
	}

	/** By a user's wish; what its end means is for the daemon to say. */
	signal(name: string): void {
		const signal = toSignal(name);
		const {context, observed} = this.#record;
		if (context.mayAct() && this.run?.supervised.signal(signal) && !harmless.has(signal)) {
			see(this.#record, {sentSignal: signal, killed: observed.killed || signal === 'SIGKILL'});
		}
	}

	/** It was found to have more than its limit, which nobody else holds. */
	exceedMemory(usedBytes: number): void {
		const {memoryBytes: limitBytes = 0} = this.assignment.template.limit;
		see(this.#record, {overMemory: {usedBytes, limitBytes}});
		this.resume();
	}

	/** Looks for its own process, which the shim starts a moment later. True: nothing more to look for. */
	findPid(): boolean {
		const {run} = this;
		const pid = run && mainPid(run, this.assignment);
		if (pid === undefined) {
			return run === undefined;
		}

		this.#record.status = {...this.status, pid};
		// With a health check, the pid goes with the first answer.
		if (this.status.health !== 'starting') {
			this.#record.report();
		}

		return true;
	}

	/** Does what there is to do, as far as this agent may. */
	resume(): void {
		void this.#drive();
	}

	async #drive(): Promise<void> {
		if (this.#isDriving) {
			return;
		}

		this.#isDriving = true;
		clearTimeout(this.#timer);
		try {
			let step = this.#nextStep();
			while (step.type !== 'wait' && (step.type === 'finish' || this.#record.context.mayAct())) {
				await perform(this.#record, step);
				step = this.#nextStep();
			}

			if (step.type === 'wait' && step.untilMs !== undefined) {
				this.#later(step.untilMs - performance.now());
			}
		} catch (error) {
			this.#record.context.log(`${this.assignment.instanceName}: ${(error as Error).message}`);
			this.#later(retryMs);
		} finally {
			this.#isDriving = false;
		}
	}

	#later(delayMs: number): void {
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => this.resume(), Math.max(0, delayMs));
	}

	#nextStep(): InstanceStep {
		const {observed, wish, isOrdered} = this.#record;
		const isAwaited = observed.process === 'none' && wish.desired === 'running' && !isOrdered;
		return isAwaited ? {type: 'wait'} : nextStep(wish, observed, performance.now());
	}
}

function isYoung(run: Run | undefined): boolean {
	return run !== undefined && performance.now() - run.startedMs < youngMs;
}

function statusFrom({startedAt, endpoints, isolation}: ProcessNote): Partial<InstanceStatus> {
	return {state: 'running', at: startedAt, startedAt, endpoints, isolation};
}
