export interface CustomResourcesCodes {
  'instances-go': {
    readonly kind: string;
    readonly group: string;
    readonly count: number;
    readonly atLeast: boolean;
    readonly namespaces: number;
    /** `namespace/name`, some of them. */
    readonly names: readonly string[];
    /** `namespace/name` of the Service that converts them: that of their controller. */
    readonly controller: string | null;
  };
  'instances-held': { readonly kind: string; readonly finalizers: readonly { readonly name: string; readonly count: number }[]; readonly controller: string | null };
  'no-instances': { readonly kind: string; readonly controller: string | null };
}
