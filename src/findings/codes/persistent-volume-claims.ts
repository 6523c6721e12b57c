import type { Ref } from '../../model/ref.ts';

export interface PersistentVolumeClaimsCodes {
  'claim-goes-with-pod': { readonly claim: Ref; readonly volume: string | null; readonly reclaim: 'Delete' | 'unknown' };
  'last-user-of-terminating-claim': { readonly claim: Ref; readonly volume: string | null; readonly reclaim: 'Delete' | 'unknown' };
  'volume-retained': { readonly claim: Ref; readonly volume: string };
  'claims-stay': { readonly claims: readonly { readonly name: string; readonly accessModes: readonly string[] }[] };
  'ephemeral-volume': { readonly claim: Ref; readonly reclaim: string };
  'claim-missing': { readonly claim: string };
}
