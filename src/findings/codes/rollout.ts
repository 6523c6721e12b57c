import type { Ref } from '../../model/ref.ts';

type RolloutState = {
  readonly workload: Ref;
  readonly updated: number;
  readonly wanted: number;
  /** Pods of any version that are Ready for long enough. */
  readonly available: number;
  readonly ofOldVersion: boolean;
};

export interface RolloutCodes {
  'comes-back-as-other-version': { readonly workload: Ref; readonly from: string | null; readonly to: string | null; readonly strategy: string };
  'rollout-in-progress': RolloutState;
  'rollout-paused': RolloutState;
  'rollout-failed': RolloutState & { readonly message: string | null };
  'revision-lost': { readonly workload: Ref; readonly revision: string };
}
