import type { Ref } from '../../model/ref.ts';

/** Who uses it: a workload with its pods, or an object by itself. */
export interface UserData {
  readonly kind: string;
  readonly name: string;
  /** null: cluster-scoped, or in the target's own namespace. */
  readonly namespace: string | null;
  /** The fields that name it. */
  readonly how: readonly string[];
  readonly optional: boolean;
  /** How many of its pods have not finished. */
  readonly pods: number;
}

export interface InUseCodes {
  'claim-mounted': { readonly pods: readonly string[]; /** What can be scaled to 0 to stop them. */ readonly workloads: readonly Ref[] };
  used: { readonly users: readonly UserData[]; /** Every reference is `optional: true`. */ readonly optional: boolean };
  'held-by-finished-pods': { readonly pods: readonly string[] };
  'used-by-old-replica-sets': { readonly replicaSets: readonly string[] };
}
