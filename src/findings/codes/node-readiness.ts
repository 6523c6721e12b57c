export interface NodeReadinessCodes {
  'node-not-ready': { readonly node: string; readonly status: 'False' | 'Unknown'; readonly reason: string | null; readonly since: string | null };
  'node-gone': { readonly node: string };
  'node-out-of-service': { readonly node: string };
  'node-lease-stale': { readonly node: string; readonly ageSeconds: number };
  'finished-pod-on-lost-node': { readonly node: string; readonly phase: string };
}
