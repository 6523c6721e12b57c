import type { Ref } from '../../model/ref.ts';

/** A policy that cannot be read counts as Delete. */
type Lost = 'Delete' | 'unknown';

/** A claim that goes, and the volume that decides over its data. */
export interface GoingData {
  readonly name: string;
  readonly volume: string;
  readonly reclaim: Lost | 'Retain';
  /** Where the data lies, in words; null: not known. */
  readonly place: string | null;
}

export interface PersistentVolumeClaimsCodes {
  'claim-goes-with-pod': { readonly claim: Ref; readonly volume: string | null; readonly reclaim: Lost };
  'last-user-of-terminating-claim': { readonly claim: Ref; readonly volume: string | null; readonly reclaim: Lost };
  'claims-go-with-owner': { readonly claims: readonly GoingData[] };
  'claim-data-lost': { readonly volume: string; readonly reclaim: Lost; readonly place: string | null };
  'claims-of-set-go': { readonly claims: readonly GoingData[] };
  'volume-data-lost': { readonly reclaim: Lost; readonly phase: string; readonly claim: string | null; readonly place: string | null };
  'volume-of-bound-claim': { readonly claim: string; readonly held: boolean; readonly place: string | null };
  'volume-retained': { readonly claim: Ref; readonly volume: string; readonly place: string | null };
  'volumes-retained': { readonly claims: readonly GoingData[] };
  'volume-data-stays': { readonly phase: string; readonly reclaim: string; readonly place: string | null };
  'claim-without-data': { readonly state: 'unbound' | 'lost'; readonly volume: string | null };
  'claims-stay': { readonly claims: readonly { readonly name: string; readonly accessModes: readonly string[] }[] };
  'ephemeral-volume': { readonly claim: Ref; readonly reclaim: string };
  'claim-missing': { readonly claim: string };
}
