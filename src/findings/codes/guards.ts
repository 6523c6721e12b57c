/** What a network policy isolates pods from. */
export type Direction = 'ingress' | 'egress';

export interface GuardsCodes {
  'network-policy-in-force': {
    readonly pods: number;
    readonly names: readonly string[];
    /** Directions in which no other policy isolates some of the pods: these accept or send everything then. */
    readonly opens: readonly Direction[];
    /** Directions in which other policies isolate all of them: what only this one allows is cut off then. */
    readonly closes: readonly Direction[];
  };
  'quota-in-force': { readonly limits: readonly { readonly resource: string; readonly hard: string; readonly used: string | null }[] };
  'limit-range-in-force': { readonly types: readonly string[] };
  'budget-goes': { readonly pods: number };
  'autoscaler-goes': { readonly scales: { readonly kind: string; readonly name: string } | null; readonly sizes: 'replicas' | 'requests' };
}
