/** `count`: targets of this kind in the run. */
type KindWithoutCheck = { readonly kind: string; readonly group: string; readonly count: number };

export interface CoverageCodes {
  'cluster-kind-not-known': KindWithoutCheck;
  'kind-not-known': KindWithoutCheck;
}
