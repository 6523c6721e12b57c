import type { ClaimOfPod, ClaimsView } from '../facts/claims.ts';
import type { Given } from '../facts/fact.ts';
import { goingUids, namespacesGoing } from '../facts/going.ts';
import type { ClaimData, StorageView } from '../facts/storage.ts';
import type { GoingData } from '../findings/codes/persistent-volume-claims.ts';
import type { FindingOf } from '../findings/finding.ts';
import { placeOfData, reclaimOf } from '../model/persistent-volumes.ts';
import { isPodKind } from '../model/pod.ts';
import type { Ref } from '../model/ref.ts';
import type { Target } from '../model/target.ts';
import type { Volume } from '../model/wire.ts';
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
  if (c.reclaim === 'Retain' && c.volume !== null) return { check, code: 'volume-retained', data: { claim: c.ref, volume: c.volume, place: c.place }, objects };
  const data = { claim: c.ref, volume: c.volume, reclaim: c.reclaim === 'Delete' ? ('Delete' as const) : ('unknown' as const) };
  return last ? { check, code: 'last-user-of-terminating-claim', data, objects } : { check, code: 'claim-goes-with-pod', data, objects };
};

const ofPod = (claims: ClaimsView): readonly Found[] => {
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

const goingData = (c: ClaimData): GoingData => ({ name: c.ref.name, volume: c.volume ?? '', reclaim: c.reclaim ?? 'unknown', place: c.place });

/** A claim that is named. */
const ofClaim = (c: ClaimData): Found => {
  if (c.state !== 'bound' || c.volume === null) return { check, code: 'claim-without-data', data: { state: c.state === 'lost' ? 'lost' : 'unbound', volume: c.volume }, objects: [] };
  const { volume, place } = c;
  const objects = [{ group: '', version: 'v1', kind: 'PersistentVolume', resource: 'persistentvolumes', namespace: null, name: volume, uid: null }];
  return c.reclaim === 'Retain' ? { check, code: 'volume-retained', data: { claim: c.ref, volume, place }, objects } : { check, code: 'claim-data-lost', data: { volume, reclaim: c.reclaim ?? 'unknown', place }, objects };
};

const refs = (claims: readonly ClaimData[]): readonly Ref[] => claims.map((c) => c.ref);

/** Claims that nobody named and that go with the target; those of a named set by its own retention policy. */
const ofOthers = ({ going, staying }: StorageView): readonly Found[] => {
  const found: Found[] = [];
  const withData = going.filter((c) => c.state === 'bound');
  const lost = withData.filter((c) => c.reclaim !== 'Retain');
  const ofSet = lost.filter((c) => c.ofSet);
  const others = lost.filter((c) => !c.ofSet);
  if (others.length > 0) found.push({ check, code: 'claims-go-with-owner', data: { claims: others.map(goingData) }, objects: refs(others) });
  if (ofSet.length > 0) found.push({ check, code: 'claims-of-set-go', data: { claims: ofSet.map(goingData) }, objects: refs(ofSet) });
  const retained = withData.filter((c) => c.reclaim === 'Retain');
  if (retained.length > 0) found.push({ check, code: 'volumes-retained', data: { claims: retained.map(goingData) }, objects: refs(retained) });
  if (staying.length > 0) found.push({ check, code: 'claims-stay', data: { claims: staying.map((c) => ({ name: c.ref.name, accessModes: c.accessModes })) }, objects: refs(staying) });
  return found;
};

/** Finalizers of who deletes the data when the volume is asked to go, whatever its phase (KEP-2644). */
const deletesData: ReadonlySet<string> = new Set(['external-provisioner.volume.kubernetes.io/finalizer', 'kubernetes.io/pv-controller']);

/** A volume that is named: the data goes if it has or had a claim and is not retained; what was never bound is not reclaimed. */
const ofVolume = (volume: Volume, given: Given): Found => {
  const { claimRef } = volume.spec ?? {};
  const phase = volume.status?.phase ?? 'Unknown';
  const reclaim = reclaimOf(volume) ?? 'unknown';
  const place = placeOfData(volume);
  const claim = claimRef?.name === undefined ? null : `${claimRef.namespace ?? ''}/${claimRef.name}`;
  const bound = phase === 'Bound' && claimRef?.uid !== undefined;
  const used = !['Pending', 'Available'].includes(phase) || (volume.metadata.finalizers ?? []).some((f) => deletesData.has(f));
  if (reclaim !== 'Retain' && used) return { check, code: 'volume-data-lost', data: { reclaim, phase, claim: bound ? claim : null, place }, objects: [] };
  const claimGoes = goingUids(given).has(claimRef?.uid ?? '') || namespacesGoing(given).has(claimRef?.namespace ?? '');
  if (bound && claim !== null && !claimGoes) {
    const held = (volume.metadata.finalizers ?? []).includes('kubernetes.io/pv-protection');
    return { check, code: 'volume-of-bound-claim', data: { claim, held, place }, objects: [{ group: '', version: 'v1', kind: 'PersistentVolumeClaim', resource: 'persistentvolumeclaims', namespace: claimRef.namespace ?? null, name: claimRef.name ?? '', uid: claimRef.uid ?? null }] };
  }
  return { check, code: 'volume-data-stays', data: { phase, reclaim, place }, objects: [] };
};

const find = (target: Target, claims: ClaimsView, storage: StorageView, given: Given): readonly Found[] => {
  const { group, kind } = target.ref;
  if (group === '' && kind === 'PersistentVolume') return [ofVolume(target.object, given)];
  return [...(storage.claim === null ? [] : [ofClaim(storage.claim)]), ...(isPodKind(target.ref) ? ofPod(claims) : []), ...ofOthers(storage)];
};

/** Kinds that are cluster-scoped and touch no claim by themselves; a Namespace's claims are its contents. */
const touchesNothing = ({ ref }: Target): boolean => ref.namespace === null && ref.kind !== 'PersistentVolume' && (!ref.group.includes('.') || ref.group.endsWith('.k8s.io'));

export const persistentVolumeClaims = defineCheck({
  id: 'persistent-volume-claims',
  kinds: 'every',
  madeFor: ['/Pod', '/PersistentVolume', '/PersistentVolumeClaim'],
  needs: ['claims', 'storage'],
  notApplicable: (pod, _given, target) => {
    if (!isPodKind(target.ref)) return touchesNothing(target) ? 'no claim goes with it' : null;
    return notForMirrors(pod);
  },
  find: (_pod, { claims, storage }, given, target) => find(target, claims, storage, given),
});
