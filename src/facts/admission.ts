/** What the server's own policies and webhooks answer to the DELETE or eviction, asked with a dry run of it. */
import { isPodKind } from '../model/pod.ts';
import type { Fact, View } from './fact.ts';
import { unreadOf } from './want.ts';
import type { ProbeAnswer } from './want.ts';

export interface AdmissionView extends View {
  /** null: not asked or no answer. */
  readonly answer: ProbeAnswer | null;
}

export const admission: Fact<AdmissionView> = {
  rights: [],
  wants: (target, given) => {
    const { group, version, resource, namespace, name, uid } = target.ref;
    return given.mayProbe ? [{ type: 'dry-run-delete', kind: { group, version, resource }, namespace, name, uid, gracePeriodSeconds: given.gracePeriodSeconds, evict: given.evict === true && isPodKind(target.ref) }] : [];
  },
  view: (target, given, seen) => {
    const looked = seen.dryRunDelete(target.ref.uid);
    const answer = looked.state === 'found' ? looked.value : null;
    // What a webhook would say to the real DELETE is not known then: unknown, not denied.
    if (answer?.kind === 'cannot-dry-run') {
      const { group, resource, namespace } = target.ref;
      return { answer, unread: [{ verb: given.evict === true ? 'create' : 'delete', group, resource, namespace, why: answer.message, denied: false }] };
    }
    return { answer, unread: unreadOf([looked]) };
  },
};
