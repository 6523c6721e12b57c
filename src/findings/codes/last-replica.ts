import type { Ref } from '../../model/ref.ts';
import type { Gentler } from '../gentler-way.ts';

export interface LastReplicaCodes {
  'last-ready-pods': { readonly workload: Ref; readonly replicas: number | null; readonly readyNow: number; readonly gentler: Gentler | null };
}
