import type { Ref } from '../../model/ref.ts';

export interface ExposureCodes {
  'address-may-not-return': {
    readonly addresses: readonly string[];
    /** The finalizer that has the outside resource removed; null where none says so. */
    readonly finalizer: string | null;
    readonly ready: number;
  };
  'service-traffic-ends': { readonly ready: number; readonly headless: boolean; readonly nodePorts: readonly number[] };
  'members-lose-names': { readonly sets: readonly Ref[]; readonly ready: number };
  'alias-ends': { readonly externalName: string };
  'route-traffic-ends': { readonly hosts: readonly string[]; readonly addresses: readonly string[]; readonly services: readonly string[]; readonly ready: number; /** Of a Gateway. */ readonly routes: number };
  'nothing-behind': { readonly nodePorts: readonly number[] };
}
