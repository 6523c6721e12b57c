import type { Ref } from '../../model/ref.ts';

export interface StatefulSetCodes {
  'forced-identity': { readonly set: Ref; readonly by: 'force' | 'grace-zero'; readonly node: string | null; readonly nodeReady: boolean };
  'below-majority': { readonly set: Ref; readonly replicas: number; readonly readyNow: number; readonly readyAfter: number; readonly majority: number };
  'other-revision': { readonly set: Ref; readonly from: string; readonly to: string; readonly strategy: string };
  'lower-ordinal-unhealthy': { readonly set: Ref; readonly pod: Ref | null; readonly podName: string; readonly state: string };
  'margin-left': { readonly set: Ref; readonly replicas: number; readonly readyAfter: number; readonly majority: number };
}
