import type { FinalizerView, FinalizersView } from '../facts/finalizers.ts';
import type { FindingOf } from '../findings/finding.ts';
import type { Pod } from '../model/wire.ts';
import { defineCheck } from './check.ts';

type Found = FindingOf<'finalizers'>;
const check = 'finalizers' as const;

const findingFor = (f: FinalizerView): Found => {
  const { name: finalizer, setBy, domain } = f;
  if (f.known !== null) {
    const { controller, waitsFor } = f.known;
    return f.leaderDead
      ? { check, code: 'finalizer-controller-dead', data: { finalizer, controller, lastSeenSeconds: Math.round(f.leaderSilentSeconds ?? 0) }, objects: [] }
      : { check, code: 'finalizer-known', data: { finalizer, controller, waitsFor }, objects: [] };
  }
  return domain !== null && f.groupsRead && f.group === null
    ? { check, code: 'finalizer-controller-missing', data: { finalizer, domain, setBy }, objects: [] }
    : { check, code: 'finalizer-controller-unknown', data: { finalizer, domain, setBy }, objects: [] };
};

const find = (_pod: Pod, { finalizers }: { readonly finalizers: FinalizersView }): readonly Found[] => finalizers.finalizers.map(findingFor);

export const finalizers = defineCheck({ id: 'finalizers', kinds: 'every', needs: ['finalizers'], find });
