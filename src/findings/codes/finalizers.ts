export interface FinalizersCodes {
  'finalizer-controller-missing': { readonly finalizer: string; readonly domain: string; readonly setBy: string | null };
  'finalizer-controller-dead': { readonly finalizer: string; readonly controller: string; readonly lastSeenSeconds: number };
  'finalizer-controller-unknown': { readonly finalizer: string; readonly domain: string | null; readonly setBy: string | null };
  'finalizer-known': { readonly finalizer: string; readonly controller: string; readonly waitsFor: string };
}
