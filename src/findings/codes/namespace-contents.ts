export interface CountOfKind {
  readonly group: string;
  readonly kind: string;
  readonly count: number;
  readonly atLeast: boolean;
}

export interface NamespaceContentsCodes {
  'system-namespace': { readonly why: 'default' | 'kube' };
  'contents-go': {
    /** Without what every namespace has by itself and what others in it own; workloads first. */
    readonly kinds: readonly CountOfKind[];
    readonly total: number;
    readonly atLeast: boolean;
    readonly owned: number;
    readonly notListed: readonly string[];
  };
  'contents-not-known': { readonly notListed: readonly string[] };
  'namespace-empty': { readonly namespace: string };
  'claims-go': { readonly claims: readonly { readonly name: string; readonly volume: string | null; readonly reclaim: 'Delete' | 'unknown' }[]; readonly unknown: number };
  'volumes-stay': { readonly volumes: readonly string[] };
  'contents-held': { readonly finalizers: readonly { readonly name: string; readonly count: number }[] };
  'load-balancers-go': { readonly names: readonly string[] };
  'api-server-missing': { readonly services: readonly { readonly name: string; readonly reason: string; readonly message: string }[] };
}
