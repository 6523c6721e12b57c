export interface GracePeriodCodes {
  'zero-grace-with-data': { readonly set: string | null; readonly claims: readonly string[]; readonly node: string | null };
  'zero-grace': { readonly node: string | null };
  'shorter-grace-with-data': { readonly grace: number; readonly own: number; readonly set: string | null; readonly claims: readonly string[] };
  'shorter-grace': { readonly grace: number; readonly own: number };
  'force-not-proved': { readonly node: string | null };
  'pre-stop-overruns': { readonly container: string; readonly seconds: number; readonly grace: number; readonly own: number };
  'pre-stop-may-be-cut': { readonly container: string; readonly grace: number; readonly own: number };
  'short-for-its-kind': { readonly kind: 'stateful' | 'batch'; readonly grace: number; readonly usual: number };
  'grace-not-passed-on': { readonly grace: number; readonly pods: number; readonly longest: number };
}
