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
}
