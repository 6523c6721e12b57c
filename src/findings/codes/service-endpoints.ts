import type { Ref } from '../../model/ref.ts';
import type { Gentler } from '../gentler-way.ts';

/** What the API server cannot do without a Service. */
export type NeededBy =
  | { readonly kind: 'webhook'; readonly ref: Ref; readonly webhooks: readonly string[]; readonly checksPods: boolean }
  | { readonly kind: 'api'; readonly ref: Ref };

export interface ServiceEndpointsCodes {
  'api-backend-goes': { readonly ready: number; readonly neededBy: readonly NeededBy[] };
  'api-backend-left-empty': { readonly service: Ref; readonly headless: boolean; readonly readyNow: number; readonly gentler: Gentler | null; readonly neededBy: readonly NeededBy[] };
  'no-endpoint-left': { readonly service: Ref; readonly headless: boolean; readonly readyNow: number; readonly gentler: Gentler | null };
  'short-gap': { readonly services: readonly Ref[]; readonly noPreStop: boolean; readonly noReadinessProbe: boolean };
}
