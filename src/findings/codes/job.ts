import type { Ref } from '../../model/ref.ts';

export interface JobCodes {
  'job-fails': {
    readonly job: Ref;
    readonly because: 'backoff-limit' | 'index' | 'failure-policy';
    readonly failed: number;
    readonly going: number;
    /** null: no number of failures fails the Job. */
    readonly backoffLimit: number | null;
    readonly index: { readonly index: string; readonly failures: number; readonly limit: number } | null;
    /** Counted by how it ends, not as soon as it is Terminating. */
    readonly unlessItSucceeds: boolean;
  };
  'retries-left': { readonly job: Ref; readonly failed: number; readonly limit: number | null; readonly left: number | null; readonly index: string | null; readonly unlessItSucceeds: boolean };
  'failure-ignored': { readonly job: Ref };
  'managed-elsewhere': { readonly job: Ref; readonly managedBy: string };
  'counted-already': { readonly job: Ref; readonly phase: string; readonly jobIs: string | null };
}
