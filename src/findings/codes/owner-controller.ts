import type { Ref } from '../../model/ref.ts';

export type NotRecreatedBecause = 'owner-terminating' | 'scaled-to-zero' | 'ordinal-outside-replicas' | 'job-finished' | 'job-suspended';

export interface OwnerControllerCodes {
  'bare-pod': { readonly phase: string };
  'owner-gone': { readonly owner: Ref };
  'not-recreated': { readonly owner: Ref; readonly because: NotRecreatedBecause };
  recreated: { readonly owner: Ref; readonly top: Ref; readonly sameName: boolean; readonly meant: 'scale' | 'delete' | 'suspend'; readonly replicas: number | null };
  'owned-by-unknown-kind': { readonly owner: Ref; readonly controller: boolean };
  'finished-pod': { readonly phase: string; readonly owner: Ref | null };
  'next-on-schedule': { readonly owner: Ref; readonly schedule: string };
  'made-again': { readonly by: string };
  'debug-pod': { readonly madeBy: string };
}
