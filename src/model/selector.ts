import type { V1LabelSelector } from '@kubernetes/client-node';
import type { Wire } from './wire.ts';

export type LabelSelector = Wire<V1LabelSelector>;

/**
 * A label selector as the `labelSelector` parameter spells it. null for a selector that is absent (it selects nothing); the empty
 * selector gives '' (it selects everything): apimachinery pkg/apis/meta/v1/helpers.go LabelSelectorAsSelector.
 */
export const selectorText = (selector: LabelSelector | undefined): string | null => {
  if (selector === undefined) return null;
  const equal = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const expressions = (selector.matchExpressions ?? []).map((e): string | null => {
    switch (e.operator) {
      case 'In':
        return `${e.key} in (${(e.values ?? []).join(',')})`;
      case 'NotIn':
        return `${e.key} notin (${(e.values ?? []).join(',')})`;
      case 'Exists':
        return e.key;
      case 'DoesNotExist':
        return `!${e.key}`;
      default:
        return null;
    }
  });
  return expressions.includes(null) ? null : [...equal, ...expressions].join(',');
};
