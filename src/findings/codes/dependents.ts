export interface DependentsCodes {
  'serving-pods-go': { readonly kind: string; readonly count: number; readonly serving: number; readonly names: readonly string[] };
  'dependents-go': { readonly kind: string; readonly count: number; readonly serving: number; readonly names: readonly string[] };
}
