/** The rules of the site as functions of what was read: policy/ makes them, the check `policy` asks them. */
import { namespaceKind } from '../discovery/built-in.ts';
import type { FindingOf, Severity } from '../findings/finding.ts';
import type { Target } from '../model/target.ts';
import type { KubeObject } from '../model/wire.ts';
import type { Fact, Given, View } from './fact.ts';
import { unreadOf } from './want.ts';
import type { Looked, Seen } from './want.ts';

/** A rule that gave no answer for the target: whether it holds is not known. */
export interface Unanswered {
  /** A clause. */
  readonly why: string;
  /** How grave it would have been. */
  readonly severity: Severity;
}

export interface Site {
  /** Whether a rule speaks of the namespace of the target. */
  readonly readsNamespace: boolean;
  readonly judge: (target: Target, namespace: Looked<KubeObject>, given: Given) => { readonly findings: readonly FindingOf<'policy'>[]; readonly unanswered: readonly Unanswered[] };
}

export interface SiteView extends View {
  /** Metadata of the namespace that the target is in; absent for what is in none. */
  readonly namespace: Looked<KubeObject>;
}

const asked = (target: Target, given: Given): string | null => (given.site?.readsNamespace === true ? target.ref.namespace : null);

const lookedAt = (target: Target, given: Given, seen: Seen): Looked<KubeObject> => {
  const namespace = asked(target, given);
  return namespace === null ? { state: 'absent' } : seen.object(namespaceKind, null, namespace);
};

export const site: Fact<SiteView> = {
  rights: [{ group: '', resource: 'namespaces', verbs: ['get', 'list'], scope: 'cluster' }],
  wants: (target, given) => {
    const namespace = asked(target, given);
    return namespace === null ? [] : [{ type: 'object', kind: namespaceKind, namespace: null, name: namespace, metadataOnly: true }];
  },
  view: (target, given, seen) => {
    const namespace = lookedAt(target, given, seen);
    return { namespace, unread: unreadOf([namespace]) };
  },
};
