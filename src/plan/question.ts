import type { ClusterContext } from '../cluster/port.ts';
import type { Ref } from '../model/ref.ts';

/** What a person is asked before a plan that needs consent is carried out. */
export interface Question {
  readonly needed: 'yes' | 'confirm';
  /** What has to be typed when `needed` is confirm. */
  readonly confirmWord: string;
  readonly targets: readonly Ref[];
  readonly context: ClusterContext;
  readonly signal: AbortSignal;
}

/** Asks a person; anything but a clear yes is no. */
export type Ask = (question: Question) => Promise<'yes' | 'no'>;
