export interface ClusterWideCodes {
  'admission-ends': {
    readonly webhooks: readonly string[];
    /** `pods`, `deployments.apps`. */
    readonly resources: readonly string[];
    readonly mutates: boolean;
  };
  'admission-policy-ends': { readonly policy: string; readonly bindings: readonly string[] };
  'api-ends': { readonly group: string; readonly version: string; readonly kinds: readonly string[] };
  'cluster-role-given': {
    readonly bindings: readonly string[];
    readonly subjects: readonly string[];
    /** Other roles that have its rules by aggregation. */
    readonly aggregatedBy: readonly string[];
    /** One of Kubernetes' own, which an API server makes again when it starts. */
    readonly restored: boolean;
  };
  'storage-class-used': { readonly claims: number; readonly volumes: number; readonly names: readonly string[]; readonly isDefault: boolean };
  'priority-class-used': { readonly pods: number; readonly names: readonly string[]; readonly isDefault: boolean };
  'csi-driver-used': { readonly volumes: number; readonly nodes: readonly string[] };
  'not-in-use': { readonly because: 'no-webhook-answers' | 'no-binding' | 'no-policy' | 'api-unavailable' | 'nobody-bound' | 'nothing-names-it' };
  'api-registered-again': { readonly group: string; readonly version: string };
}
