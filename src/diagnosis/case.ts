/** What a cause gets to see: the object as it is now, as it was when the run began, and what was read about it. */
import type { ReasonViews } from '../facts/reasons.ts';
import type { Command } from '../findings/finding.ts';
import { qualified } from '../model/ref.ts';
import type { Ref } from '../model/ref.ts';
import type { Target } from '../model/target.ts';
import type { KubeObject } from '../model/wire.ts';
import type { WaitingOn } from './waiting-on.ts';

export interface Case {
  readonly target: Target;
  readonly before: KubeObject;
  readonly views: ReasonViews;
  /** The API server's time, in milliseconds. */
  readonly now: number;
}

/** One cause: the reasons that it sees, none where it does not apply. Pure. */
export type Cause = (of: Case) => readonly WaitingOn[];

const inNamespace = (ref: Ref): readonly string[] => (ref.namespace === null ? [] : ['-n', ref.namespace]);

/** `kubectl VERB TYPE NAME -n NAMESPACE ...`. */
export const kubectl = (verb: string, ref: Ref, why: string, ...more: readonly string[]): Command => ({ argv: ['kubectl', verb, qualified(ref), ref.name, ...inNamespace(ref), ...more], why });

/** `a, b and 3 more`. */
export const listed = (names: readonly string[], most = 5): string => (names.length <= most ? names.join(', ') : `${names.slice(0, most - 1).join(', ')} and ${names.length - most + 1} more`);

/** `1 pod`, `2 pods`. */
export const count = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;
