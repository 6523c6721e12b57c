/** Asks now and then why those that stay are still there, and tells what is new. Only reads. */
import type { ClusterPort } from '../cluster/port.ts';
import type { WaitingOn } from '../diagnosis/waiting-on.ts';
import { waitingOn } from '../diagnosis/why.ts';
import type { Event } from '../events/event.ts';
import { lookingAt } from '../facts/fact.ts';
import { gather } from '../facts/gather.ts';
import { reasonFacts, reasonViewsOf } from '../facts/reasons.ts';
import type { ReasonViews } from '../facts/reasons.ts';
import { isAborted } from '../model/abort.ts';
import { isPodKind, isTerminating } from '../model/pod.ts';
import type { Target } from '../model/target.ts';
import type { Clock } from '../model/world.ts';
import type { FollowedTarget } from '../termination/follow-target.ts';

/** A kubelet's and a controller's last steps take a moment: what has just become late is asked about more often, what stays so less. */
const PERIODS: readonly { readonly untilMs: number; readonly everyMs: number }[] = [
  { untilMs: 12_000, everyMs: 2500 },
  { untilMs: 60_000, everyMs: 10_000 },
  { untilMs: Infinity, everyMs: 30_000 },
];
const READ_MS = 5000;
const LATE_SECONDS = 2;
const TICK_MS = 500;

export interface AskInput {
  readonly port: ClusterPort;
  readonly clock: Clock;
  readonly emit: (event: Event) => void;
  /** The API server's time now. */
  readonly serverNow: () => number;
}

const periodAt = (lateMs: number): number => PERIODS.find((p) => lateMs < p.untilMs)?.everyMs ?? 0;

/** Seconds that pass are no news. */
const newsOf = (on: readonly WaitingOn[]): string =>
  JSON.stringify(on.map((w) => [w.kind, w.kind === 'grace' ? '' : w.name, w.kind === 'container' || w.kind === 'grace' || w.kind === 'node' || w.kind === 'controller' ? '' : w.message]));

const hasUnread = (views: ReasonViews): boolean => Object.values(views).some((v) => v.unread.some((u) => !u.denied));

export class Reasons {
  readonly #input: AskInput;
  readonly #targets: readonly FollowedTarget[];
  readonly #signal: AbortSignal;
  readonly #told = new Map<string, string>();
  /** Since when a target is worth asking about, by uid. */
  readonly #since = new Map<string, number>();

  constructor(targets: readonly FollowedTarget[], input: AskInput, signal: AbortSignal) {
    this.#targets = targets;
    this.#input = input;
    this.#signal = signal;
  }

  /** Reads why the targets that are still there stay, and tells what is new. Bounded by `timeoutMs`. */
  async diagnose(timeoutMs: number): Promise<void> {
    const { clock, emit, port, serverNow } = this.#input;
    const staying = this.#targets.filter((f) => !f.isGone && isTerminating(f.last));
    if (staying.length === 0) return;
    const pairs = staying.map((followed): { readonly followed: FollowedTarget; readonly target: Target } => ({ followed, target: { ref: followed.planned.target.ref, object: followed.last } }));
    const given = lookingAt(pairs.map((p) => p.target), serverNow());
    const seen = await gather(port, Object.values(reasonFacts), given, { clock, timeoutMs, signal: this.#signal });
    for (const { followed, target } of pairs) {
      if (followed.isGone) continue;
      const views = reasonViewsOf(target, given, seen);
      const told = this.#told.get(followed.uid);
      // A hurried look that saw less takes nothing back.
      if (told !== undefined && hasUnread(views)) continue;
      const on = waitingOn({ target, before: followed.planned.target.object, views, now: given.now });
      const news = newsOf(on);
      if (told === news || (told === undefined && on.length === 0)) continue;
      this.#told.set(followed.uid, news);
      emit({ type: 'waiting', at: clock.now(), ref: target.ref, on });
    }
  }

  /** What was Terminating before is explained at once, what only waits for others too, and a pod that is late. */
  #isWorthAsking(followed: FollowedTarget): boolean {
    if (followed.isGone || followed.mark === null) return false;
    if (isTerminating(followed.planned.target.object)) return true;
    const { metadata } = followed.last;
    if ((metadata.deletionGracePeriodSeconds ?? 0) === 0 && (metadata.finalizers ?? []).length > 0) return true;
    return this.#input.serverNow() > Date.parse(isPodKind(followed.planned.target.ref) ? followed.mark.deadline : (metadata.deletionTimestamp ?? '')) + LATE_SECONDS * 1000;
  }

  async keepAsking(): Promise<void> {
    const { clock } = this.#input;
    let last = -Infinity;
    while (!this.#signal.aborted) {
      await clock.sleep(TICK_MS, this.#signal);
      if (isAborted(this.#signal)) return;
      const now = clock.now();
      const worth = this.#targets.filter((f) => this.#isWorthAsking(f));
      for (const { uid } of worth) if (!this.#since.has(uid)) this.#since.set(uid, now);
      const shortest = Math.min(...worth.map(({ uid }) => now - (this.#since.get(uid) ?? now)));
      if (worth.length === 0 || now - last < periodAt(shortest)) continue;
      last = now;
      await this.diagnose(READ_MS);
    }
  }
}
