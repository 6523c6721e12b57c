import type { Ref } from '../../model/ref.ts';

export interface DaemonSetCodes {
  'comes-straight-back': { readonly set: Ref; readonly node: string };
}
