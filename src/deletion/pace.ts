/**
 * When evictions are asked for. The pods of one budget take turns: the API server counts each against it, and requests at the same time
 * only conflict there (k8s.io/kubernetes pkg/registry/core/pod/storage/eviction.go). After a refusal the budget rests a while, longer each
 * time; who was not asked for yet does not wait for that, because a pod that is not Ready may be let go where a Ready one is not.
 */
import { turnsFor } from '../model/turns.ts';
import type { Clock } from '../model/world.ts';

const IN_FLIGHT = 64;
const FIRST_PAUSE_MS = 1000;
/** kubectl drain asks again every 5 s. */
const LONGEST_PAUSE_MS = 5000;

export interface Turn {
  /** `refused`: by the budget; `retryAfterMs` as the server asked for, null without. Call it once. */
  readonly end: (how: 'passed' | 'refused', retryAfterMs?: number | null) => void;
}

class Lane {
  readonly #clock: Clock;
  readonly #fresh: (() => void)[] = [];
  readonly #again: (() => void)[] = [];
  #busy = false;
  #notBefore = 0;
  #pause = FIRST_PAUSE_MS;
  #resting: AbortController | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async take(again: boolean, signal: AbortSignal): Promise<Turn | null> {
    if (signal.aborted) return null;
    return await new Promise((resolve) => {
      const queue = again ? this.#again : this.#fresh;
      const go = (): void => {
        signal.removeEventListener('abort', leave);
        this.#busy = true;
        resolve({ end: (how, retryAfterMs = null) => this.#end(how, retryAfterMs) });
      };
      const leave = (): void => {
        queue.splice(queue.indexOf(go), 1);
        resolve(null);
        this.#next();
      };
      queue.push(go);
      signal.addEventListener('abort', leave, { once: true });
      this.#next();
    });
  }

  #end(how: 'passed' | 'refused', retryAfterMs: number | null): void {
    this.#busy = false;
    if (how === 'passed') {
      this.#pause = FIRST_PAUSE_MS;
      this.#notBefore = 0;
    } else {
      const pause = retryAfterMs ?? this.#pause;
      this.#notBefore = this.#clock.now() + pause * (0.9 + Math.random() * 0.2);
      if (retryAfterMs === null) this.#pause = Math.min(this.#pause * 1.6, LONGEST_PAUSE_MS);
    }
    this.#next();
  }

  #next(): void {
    // Whoever waits for a timer alone would hold the process when nobody waits for a turn any more.
    if (this.#again.length === 0) this.#resting?.abort();
    if (this.#busy) return;
    const rest = this.#notBefore - this.#clock.now();
    const go = this.#fresh.shift() ?? (rest <= 0 ? this.#again.shift() : undefined);
    if (go !== undefined) go();
    else if (this.#again.length > 0 && this.#resting === null) void this.#rest(rest);
  }

  async #rest(ms: number): Promise<void> {
    const resting = new AbortController();
    this.#resting = resting;
    await this.#clock.sleep(ms, resting.signal);
    this.#resting = null;
    this.#next();
  }
}

export class Pace {
  readonly #clock: Clock;
  readonly #lanes = new Map<string, Lane>();
  readonly #turns = turnsFor(IN_FLIGHT);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when it is the pod's turn among those of its lane; null when `signal` fired before. `again`: it was refused before. */
  async take(lane: string, again: boolean, signal: AbortSignal): Promise<Turn | null> {
    const known = this.#lanes.get(lane) ?? new Lane(this.#clock);
    this.#lanes.set(lane, known);
    const turn = await known.take(again, signal);
    if (turn === null) return null;
    const endRequest = await this.#turns.take(signal);
    if (endRequest === null) {
      turn.end('passed');
      return null;
    }
    return {
      end: (how, retryAfterMs = null) => {
        endRequest();
        turn.end(how, retryAfterMs);
      },
    };
  }
}
