/** The only language between the engine and the output: a closed union. Every switch over it is exhaustive. */
import type { WaitingOn } from '../diagnosis/waiting-on.ts';
import type { Ref } from '../model/ref.ts';
import type { Millis, SignalName } from '../model/world.ts';
import type { ConsentGiven } from '../plan/consent.ts';
import type { DependentCount, Plan } from '../plan/plan.ts';

export type { ConsentGiven };

export type Outcome =
  | 'deleted'
  | 'already-gone'
  | 'accepted'
  | 'nothing-matched'
  | 'would-delete'
  | 'would-ask'
  | 'failed'
  | 'not-terminating'
  | 'blocked'
  | 'evict-refused'
  | 'declined'
  | 'not-attempted'
  | 'still-there'
  | 'replaced'
  | 'plan-changed'
  | 'not-found'
  | 'unobserved'
  | 'interrupted';

export type Phase =
  | 'evicting'
  | 'eviction-refused'
  | 'accepted'
  | 'not-ready-in-endpoints'
  | 'removed-from-endpoints'
  | 'stopping'
  | 'pre-stop'
  | 'term-signal'
  | 'log-ended'
  | 'containers-exited'
  | 'cleaning-up'
  | 'waiting-for-finalizers'
  | 'dependents-going'
  | 'gone'
  | 'replacement-created'
  | 'replacement-ready';

/** `observed`: the API showed it. `estimated`: it follows from what the API showed, but nothing proves it. */
export type Evidence = 'observed' | 'estimated';

/** `traffic`: EndpointSlices. `logs`: the end of one container, by its log. */
export type Lane = 'traffic' | 'logs';

export type ContainerVerdict =
  | 'exited-cleanly'
  | 'ended-by-stop-signal'
  | 'exited-with-error'
  | 'killed-after-grace-period'
  | 'killed-early'
  | 'killed'
  | 'out-of-memory'
  | 'crashed'
  | 'ended-by-other-signal'
  | 'start-failed'
  | 'never-started'
  | 'ambiguous'
  | 'not-reported';

export interface ContainerEnd {
  readonly name: string;
  readonly type: 'app' | 'init' | 'sidecar' | 'ephemeral';
  /** null: the cluster did not report it. Never guessed. */
  readonly exitCode: number | null;
  /** The signal that the code stands for (128 + n); null when it stands for none. */
  readonly signal: string | null;
  /** The signal that asks this container to stop. */
  readonly stopSignal: string;
  /** As the kubelet reported it: Completed, Error, OOMKilled, ... */
  readonly reason: string | null;
  readonly verdict: ContainerVerdict;
  /** The verdict in words, with the evidence for it. */
  readonly meaning: string;
  /** It had ended before the deletion was requested. */
  readonly endedBefore: boolean;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  /** When its followed log stream ended; null when none was followed. */
  readonly logEndedAt: string | null;
  readonly secondsAfterRequest: number | null;
  /** 1 for the first that ended after the request; null when unknown or ended before. Equal times share a number. */
  readonly order: number | null;
}

export interface Replacement {
  readonly ref: Ref;
  readonly createdAt: string;
  readonly ready: boolean;
  readonly readyAt: string | null;
  /** Why it is not Ready, as its status says it. */
  readonly reason: string | null;
}

/** What a budget asks for and what it has now. null: not known. */
export interface BudgetNumbers {
  readonly ref: Ref;
  readonly needs: number | null;
  readonly has: number | null;
}

/** How the Eviction API was asked for a pod. */
export interface Eviction {
  readonly attempts: number;
  /** Those that refused it last. */
  readonly budgets: readonly BudgetNumbers[];
  readonly lastMessage: string | null;
}

export interface TargetError {
  readonly httpStatus: number | null;
  readonly reason: string | null;
  readonly message: string;
}

export type Event =
  | { readonly type: 'plan'; readonly at: Millis; readonly plan: Plan; readonly serverVersion: string | null }
  | { readonly type: 'consent'; readonly at: Millis; readonly consent: ConsentGiven }
  /** The DELETE is being sent. From here the deletion may go on whatever happens to this process. */
  | { readonly type: 'requested'; readonly at: Millis; readonly ref: Ref }
  /** deletionTimestamp and grace as first seen; the deadline is deletionTimestamp. */
  | { readonly type: 'deadline'; readonly at: Millis; readonly ref: Ref; readonly deadline: string; readonly gracePeriodSeconds: number }
  | { readonly type: 'phase'; readonly at: Millis; readonly ref: Ref; readonly phase: Phase; readonly evidence: Evidence; readonly message: string; readonly container?: string }
  | { readonly type: 'container'; readonly at: Millis; readonly ref: Ref; readonly container: ContainerEnd }
  | { readonly type: 'waiting'; readonly at: Millis; readonly ref: Ref; readonly on: readonly WaitingOn[] }
  | { readonly type: 'replacement'; readonly at: Millis; readonly ref: Ref; readonly replacement: Replacement }
  /** What has become of the objects that go with a target, or stay without it: looked at when the target is gone. */
  | { readonly type: 'dependents'; readonly at: Millis; readonly ref: Ref; readonly dependents: readonly DependentCount[] }
  /** `refused`: what was asked for last has changed nothing. */
  | { readonly type: 'eviction'; readonly at: Millis; readonly ref: Ref; readonly eviction: Eviction; readonly refused: boolean }
  /** --save: what was written of a target and what goes with it, or in a dry run would be; what was not, each with the reason. */
  | { readonly type: 'saved'; readonly at: Millis; readonly ref: Ref; readonly paths: readonly string[]; readonly notSaved: readonly string[] }
  | { readonly type: 'outcome'; readonly at: Millis; readonly ref: Ref; readonly outcome: Outcome; readonly error: TargetError | null }
  /** A line of a container's log (--logs). */
  | { readonly type: 'log'; readonly at: Millis; readonly ref: Ref; readonly container: string; readonly line: string }
  /** A part of the view that cannot be had for this target; nothing fails by it. */
  | { readonly type: 'not-observed'; readonly at: Millis; readonly ref: Ref; readonly lane: Lane; readonly message: string }
  | { readonly type: 'heartbeat'; readonly at: Millis; readonly message: string }
  /** A Warning header of the API server. */
  | { readonly type: 'api-warning'; readonly at: Millis; readonly text: string }
  | { readonly type: 'interrupted'; readonly at: Millis; readonly signal: SignalName | 'SIGPIPE' }
  /** The run itself failed: usage, connection, policy, a bug. */
  | { readonly type: 'error'; readonly at: Millis; readonly code: string; readonly message: string; readonly remedy: string | null };
