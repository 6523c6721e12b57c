import type { Target } from '../model/target.ts';
import type { Millis } from '../model/world.ts';
import type { Site } from './site.ts';
import type { Seen, Unread, Want } from './want.ts';

/** What chose the targets, as far as a check may judge it. */
export interface Selection {
  readonly all: boolean;
  readonly allNamespaces: boolean;
  readonly labelSelector: string | null;
  readonly fieldSelector: string | null;
  /** From files or a kustomization. */
  readonly manifests: boolean;
  /** -n was given. */
  readonly namespaceGiven: boolean;
  /** The category `all` is among the types: it leaves out more than its name says. */
  readonly categoryAll?: boolean;
}

/** What a run starts from: the same for every fact and check. */
export interface Given {
  readonly targets: readonly Target[];
  /** The API server's time as far as it is known. */
  readonly now: Millis;
  readonly force: boolean;
  /** As requested; null: each pod's own. */
  readonly gracePeriodSeconds: number | null;
  readonly cascade: 'background' | 'foreground' | 'orphan';
  /** --evict: the Eviction API is asked instead of DELETE. */
  readonly evict?: boolean;
  /** --one-at-a-time: the next pod goes when the last one is back. */
  readonly oneAtATime?: boolean;
  /** How the targets were chosen; absent: by name. */
  readonly selection?: Selection;
  /** Dry-run requests may be sent: not with --dry-run=client, which only reads. */
  readonly mayProbe: boolean;
  /** The rules of the site; without them the check `policy` does not apply. */
  readonly site?: Site | null;
}

/** A permission that a fact uses, for the RBAC rules in the docs. */
export interface Right {
  readonly group: string;
  readonly resource: string;
  readonly verbs: readonly ('get' | 'list')[];
  readonly scope: 'namespace' | 'cluster' | 'kube-system' | 'kube-node-lease';
}

/** What could not be read stands beside what could: a view never hides a failed read. */
export interface View {
  readonly unread: readonly Unread[];
}

/**
 * One thing to know about a target. `wants` is asked again in every round with what has been seen so far, and names all that it
 * wants by then; `view` is what checks get.
 */
export interface Fact<V extends View> {
  readonly rights: readonly Right[];
  readonly wants: (target: Target, given: Given, seen: Seen) => readonly Want[];
  readonly view: (target: Target, given: Given, seen: Seen) => V;
}

/** For looks that decide nothing: no flag counts, and no dry run is sent. */
export const lookingAt = (targets: readonly Target[], now: Millis): Given => ({ targets, now, force: false, gracePeriodSeconds: null, cascade: 'background', mayProbe: false });
