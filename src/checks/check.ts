import type { Given } from '../facts/fact.ts';
import type { FactId, Views } from '../facts/facts.ts';
import type { Unanswered } from '../facts/site.ts';
import type { Unread } from '../facts/want.ts';
import type { CheckId, Finding, FindingOf } from '../findings/finding.ts';
import { deletionChangesSomething, isMirror } from '../model/pod.ts';
import type { Target } from '../model/target.ts';
import type { Pod } from '../model/wire.ts';

export interface Checked {
  readonly findings: readonly Finding[];
  /** Reads that failed and that the check needed: it is `unknown` then, whatever it found. */
  readonly unread: readonly Unread[];
  /** Rules of the site that gave no answer: the check is `unknown` then too. */
  readonly unanswered?: readonly Unanswered[];
}

export interface Check {
  readonly id: CheckId;
  readonly needs: readonly FactId[];
  /** Whether it was made for such objects. null: it looks at every kind, for what all of them have. */
  readonly knows: ((target: Target) => boolean) | null;
  /** null when it applies; else why it does not. */
  readonly notApplicable: (target: Target, given: Given) => string | null;
  readonly run: (target: Target, views: Views, given: Given) => Checked;
}

const knowsOf = (kinds: 'every' | readonly string[] | ((target: Target) => boolean)): Check['knows'] => {
  if (kinds === 'every') return null;
  return typeof kinds === 'function' ? kinds : (target) => kinds.includes(`${target.ref.group}/${target.ref.kind}`);
};

/**
 * Declares a check. `find` sees the views of `needs`, whose failed reads make the check unknown, and of `uses`, whose failed reads it
 * answers for itself: it has to judge their absence as the worse case.
 */
export const defineCheck = <C extends CheckId, N extends FactId, U extends FactId = never>(spec: {
  readonly id: C;
  readonly needs: readonly N[];
  readonly uses?: readonly U[];
  /** `group/Kind` of what it speaks of, or how to tell; `every` kind; by default pods (`/Pod`). */
  readonly kinds?: 'every' | readonly string[] | ((target: Target) => boolean);
  /** Of a check that looks at every kind: the kinds that it was made for all the same. */
  readonly madeFor?: readonly string[];
  /** Also for objects that are Terminating already, although this run sends nothing then. */
  readonly whenTerminating?: true;
  readonly notApplicable?: (pod: Pod, given: Given, target: Target) => string | null;
  readonly find: (pod: Pod, views: Pick<Views, N | U>, given: Given, target: Target) => readonly FindingOf<C>[];
}): Check => {
  const speaks = knowsOf(spec.kinds ?? ['/Pod']);
  return {
    id: spec.id,
    needs: [...spec.needs, ...(spec.uses ?? [])],
    knows: spec.madeFor === undefined ? speaks : knowsOf(spec.madeFor),
    notApplicable: (target, given) => {
      if (speaks?.(target) === false) return 'does not speak of this kind';
      const pod = target.object as Pod;
      if (spec.whenTerminating !== true && !deletionChangesSomething(pod, given.gracePeriodSeconds)) return 'already Terminating: this run sends no DELETE';
      return spec.notApplicable?.(pod, given, target) ?? null;
    },
    run: (target, views, given) => ({
      // The union over C is a union of findings; TypeScript does not see that through the mapped type.
      findings: spec.find(target.object, views, given, target) as unknown as readonly Finding[],
      unread: [...new Set(spec.needs.flatMap((fact) => views[fact].unread))],
    }),
  };
};

/** For checks that judge what runs: a mirror pod's process is not touched by a deletion. */
export const notForMirrors = (pod: Pod): string | null => (isMirror(pod) ? 'a mirror pod: deleting it stops nothing' : null);
