export interface ScopeCodes {
  'all-of-cluster-scoped-kind': { readonly kind: string; readonly count: number };
  'all-in-all-namespaces': { readonly count: number; readonly namespaces: number };
  'many-objects': { readonly count: number; readonly limit: number };
  'selector-in-all-namespaces': { readonly selector: string; readonly count: number; readonly namespaces: readonly string[] };
  'only-negations': { readonly selector: string; readonly count: number };
  'all-leaves-some': { readonly leaves: readonly string[] };
  'namespace-means-nothing': { readonly kind: string };
}
