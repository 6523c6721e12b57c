import type { Command } from '../findings/finding.ts';
import type { Ref } from '../model/ref.ts';

export type WaitingKind =
  | 'grace'
  | 'container'
  | 'finalizer'
  | 'node'
  | 'volume'
  | 'claim'
  | 'dependents'
  | 'namespace-content'
  | 'webhook'
  | 'api-service'
  | 'load-balancer'
  | 'budget'
  | 'controller'
  | 'unknown';

/** One reason why an object is still there; the first of a list is the one to act on. */
export interface WaitingOn {
  readonly kind: WaitingKind;
  /** The finalizer, container, node, claim, ... that it waits for. */
  readonly name: string;
  readonly message: string;
  /** The safe next step. */
  readonly remedy: string;
  readonly objects: readonly Ref[];
  /** Safe to run: they read, or do what was meant anyway. */
  readonly commands: readonly Command[];
  /** What is dangerous about the usual "fix"; empty where there is none. */
  readonly danger: string;
  /** For a person who accepts that danger. It is printed, and never sent by the plugin. */
  readonly lastResort: Command | null;
}

/** A reason with what it has to say, and nothing else. */
export const waitingFor = (given: Pick<WaitingOn, 'kind' | 'name' | 'message' | 'remedy'> & Partial<WaitingOn>): WaitingOn => ({ objects: [], commands: [], danger: '', lastResort: null, ...given });
