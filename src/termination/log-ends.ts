/**
 * One container's end, live. The API shows every container of a pod as running until the last one has ended (kubernetes 106896); the
 * stream of a followed log ends when its process does (kubelet pkg/kubelet/kuberuntime logs.go: it looks once a second whether the
 * container runs). A stream also ends when anything between here and the kubelet is cut, in order or not: the API server closes its own side
 * properly when the kubelet's breaks. So it is opened once more: a container that has ended ends it again at once, one that runs keeps it.
 */
import type { ClusterPort, LogOptions, Problem } from '../cluster/port.ts';
import { isAborted } from '../model/abort.ts';
import type { Ref } from '../model/ref.ts';
import type { Clock } from '../model/world.ts';

export interface FollowedLog {
  readonly ref: Ref;
  readonly container: string;
}

export interface LogTold {
  /** The process has ended. `at`: when the stream ended, local time. */
  readonly ended: (at: number) => void;
  readonly line: (text: string) => void;
  /** The stream cannot be had. */
  readonly denied: (problem: Problem) => void;
}

export interface LogLimits {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Whether the lines are wanted: else they are dropped as they come. */
  readonly lines: boolean;
}

/** The status with the end of all containers often follows at once: it is as good a proof as a second stream, and costs nothing. */
const PAUSE_MS = 250;
/** A log of a container that has ended is at its end as soon as the kubelet answers; one that runs stays open. */
const PROOF_MS = 1200;
const REOPENINGS = 5;
/** More of a line is nothing to read on a terminal. */
const LONGEST_LINE = 4096;

/** Whether it will never be given: no right, no such subresource, a container that has not started. */
const isRefusal = (problem: Problem): boolean => problem.kind === 'credentials' || (problem.kind === 'status' && problem.httpStatus >= 400 && problem.httpStatus < 500 && problem.httpStatus !== 429);

interface Stream {
  /** The kubelet has answered. */
  readonly opened: boolean;
  readonly problem: Problem | null;
}

/** `2026-11-21T12:00:00.123456789Z text`, as `timestamps=true` gives it. */
const STAMPED = /^(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)) ?(.*)$/su;

const nothing = (): void => undefined;

/** One followed log from its opening to its end; whoever knows the end from elsewhere calls `settle`. */
export class LogFollowing {
  readonly #port: Pick<ClusterPort, 'logs'>;
  readonly #log: FollowedLog;
  readonly #limits: LogLimits;
  readonly #told: LogTold;
  readonly #over = new AbortController();
  readonly #signal: AbortSignal;
  /** When the stream ended, while it is not known whether the process has. */
  #endedAt: number | null = null;
  #endedInOrder = false;
  #settled = false;
  #isTold = false;
  #lastStamp = '';
  /** What is not newer was told by the stream before. */
  #skipTo = '';

  constructor(port: Pick<ClusterPort, 'logs'>, log: FollowedLog, limits: LogLimits, told: LogTold) {
    this.#port = port;
    this.#log = log;
    this.#limits = limits;
    this.#told = told;
    this.#signal = AbortSignal.any([limits.signal, this.#over.signal]);
  }

  /** The container's end is reported: a stream that has ended ended with it, and none is opened again. One that is open brings the last lines. */
  settle(): void {
    this.#settled = true;
    if (this.#endedAt !== null && this.#endedInOrder) this.#tell(this.#endedAt);
  }

  /** Read through a function: it may have changed while something was awaited. */
  get isSettled(): boolean {
    return this.#settled;
  }

  #tell(at: number): void {
    if (!this.#isTold) this.#told.ended(at);
    this.#isTold = true;
    this.#over.abort();
  }

  #line(text: string): void {
    const [, stamp = '', rest = text] = STAMPED.exec(text) ?? [];
    // A stream that is opened again begins with the second in which the last one ended. The kubelet writes all nine digits.
    if (stamp !== '' && stamp <= this.#skipTo) return;
    if (stamp !== '') this.#lastStamp = stamp;
    this.#told.line(rest);
  }

  async #follow(again: boolean, opened: () => void): Promise<Stream> {
    const { ref, container } = this.#log;
    const since = again && this.#limits.lines && this.#lastStamp !== '' ? { sinceTime: this.#lastStamp } : { tailLines: 0 };
    const options: LogOptions = { signal: this.#signal, container, follow: true, ...since, ...(this.#limits.lines ? { timestamps: true, longestLine: LONGEST_LINE } : { longestLine: 0 }) };
    this.#skipTo = this.#lastStamp;
    let isOpen = false;
    for await (const told of this.#port.logs({ group: ref.group, version: ref.version, resource: ref.resource, namespace: ref.namespace, name: ref.name }, options)) {
      switch (told.type) {
        case 'opened':
          isOpen = true;
          opened();
          break;
        case 'line':
          if (this.#limits.lines) this.#line(told.text);
          break;
        case 'ended':
          return { opened: isOpen, problem: told.problem };
      }
    }
    return { opened: isOpen, problem: null };
  }

  /** Ends when the process has, the log cannot be had, or the signal is aborted. */
  async run(): Promise<void> {
    const { clock } = this.#limits;
    let stream = await this.#follow(false, nothing);
    if (!stream.opened) {
      if (stream.problem !== null && stream.problem.kind !== 'aborted') this.#told.denied(stream.problem);
      return;
    }
    for (let tries = 0; tries < REOPENINGS && !this.#settled && !isAborted(this.#signal); tries += 1) {
      const at = clock.now();
      this.#endedAt = at;
      this.#endedInOrder = stream.problem === null;
      await clock.sleep(PAUSE_MS * 2 ** tries, this.#signal);
      if (this.isSettled || isAborted(this.#signal)) return;
      // It stays open: what ended was the connection, or the container runs again.
      const patience = new AbortController();
      const stays = async (): Promise<void> => {
        await clock.sleep(PROOF_MS, AbortSignal.any([patience.signal, this.#signal]));
        if (!patience.signal.aborted) this.#endedAt = null;
      };
      stream = await this.#follow(true, () => {
        void stays();
      });
      const proved = stream.opened && stream.problem === null && this.#endedAt === at;
      patience.abort();
      if (isAborted(this.#signal)) return;
      if (proved) {
        // What broke the stream says nothing of the process: then it is known to have ended only now.
        this.#tell(this.#endedInOrder ? at : clock.now());
        return;
      }
      // No answer proves nothing, and a refusal will not become one.
      if (stream.problem !== null && isRefusal(stream.problem)) return;
    }
  }
}
