import type { ClaimOfPod, ClaimsView } from '../facts/claims.ts';
import type { FindingOf } from '../findings/finding.ts';
import type { Pod } from '../model/wire.ts';
import { defineCheck, notForMirrors } from './check.ts';

type Found = FindingOf<'persistent-volume-claims'>;
const check = 'persistent-volume-claims' as const;

/** A claim that goes because this pod goes: what happens to its data. `stays`: it does not go; null: it goes and holds nothing. */
const whatGoes = (c: ClaimOfPod): Found | 'stays' | null => {
  const objects = [c.ref];
  if (c.ephemeral && c.ownedByPod) return { check, code: 'ephemeral-volume', data: { claim: c.ref, reclaim: c.reclaim ?? 'unknown' }, objects };
  const last = c.terminating && (c.otherUsers === null || c.otherUsers.length === 0);
  if (!c.ownedByPod && !last) return 'stays';
  // Without a volume there is no data yet.
  if (c.volume === null && c.claim?.status?.phase !== 'Bound') return null;
  if (c.reclaim === 'Retain' && c.volume !== null) return { check, code: 'volume-retained', data: { claim: c.ref, volume: c.volume }, objects };
  const data = { claim: c.ref, volume: c.volume, reclaim: c.reclaim === 'Delete' ? ('Delete' as const) : ('unknown' as const) };
  return last ? { check, code: 'last-user-of-terminating-claim', data, objects } : { check, code: 'claim-goes-with-pod', data, objects };
};

const find = (_pod: Pod, { claims }: { readonly claims: ClaimsView }): readonly Found[] => {
  const found: Found[] = [];
  const staying: { name: string; accessModes: readonly string[] }[] = [];
  for (const c of claims.claims) {
    if (c.state === 'absent') found.push({ check, code: 'claim-missing', data: { claim: c.ref.name }, objects: [] });
    if (c.state !== 'found') continue;
    const goes = whatGoes(c);
    if (goes !== null && goes !== 'stays') found.push(goes);
    if (goes === 'stays') staying.push({ name: c.ref.name, accessModes: c.claim?.spec?.accessModes ?? [] });
  }
  if (staying.length > 0) {
    const objects = claims.claims.filter((c) => staying.some((s) => s.name === c.ref.name)).map((c) => c.ref);
    found.push({ check, code: 'claims-stay', data: { claims: staying }, objects });
  }
  return found;
};

export const persistentVolumeClaims = defineCheck({
  id: 'persistent-volume-claims',
  needs: ['claims'],
  notApplicable: (pod) =>
    notForMirrors(pod) ?? ((pod.spec?.volumes ?? []).some((v) => v.persistentVolumeClaim !== undefined || v.ephemeral !== undefined) ? null : 'no volume of it names a claim'),
  find,
});
