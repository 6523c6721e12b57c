import type { Ref } from '../../model/ref.ts';

export interface LocalDataCodes {
  'member-data-lost': { readonly set: Ref; readonly volumes: readonly { readonly name: string; readonly container: string | null; readonly path: string | null }[] };
  'local-data-lost': { readonly volumes: readonly { readonly name: string; readonly medium: 'disk' | 'memory' }[] };
  'host-path-stays': { readonly node: string; readonly paths: readonly string[] };
  'volume-on-one-node': { readonly node: string; readonly claims: readonly string[] };
}
