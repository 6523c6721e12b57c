/** Numbers of things as people read them. */
import type { CountOfKind } from './codes/namespace-contents.ts';

/** `Ingress` → `Ingresses`, `NetworkPolicy` → `NetworkPolicies`. */
export const plural = (kind: string): string => {
  if (/(?:s|x|ch|sh)$/u.test(kind)) return `${kind}es`;
  return /[^aeiou]y$/u.test(kind) ? `${kind.slice(0, -1)}ies` : `${kind}s`;
};

/** `at least 2 Deployments`; a group only where Kubernetes itself has none of that name. */
export const counted = ({ kind, group, count, atLeast }: CountOfKind): string =>
  `${atLeast ? 'at least ' : ''}${count} ${count === 1 && !atLeast ? kind : plural(kind)}${group.includes('.') && !group.endsWith('.k8s.io') ? ` (${group})` : ''}`;

/** The first few, and how many more. */
export const someOf = (all: readonly string[], shown: number): string => `${all.slice(0, shown).join(', ')}${all.length > shown ? ` and ${all.length - shown} more` : ''}`;
