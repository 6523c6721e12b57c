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

type Labels = Readonly<Record<string, string>>;

interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

/** null: not a requirement that the API accepts; its selector selects nothing (labels.NewRequirement gives an error). */
const satisfies = ({ key, operator, values = [] }: Requirement, labels: Labels): boolean | null => {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'In':
      return values.length === 0 ? null : value !== undefined && values.includes(value);
    case 'NotIn':
      return values.length === 0 ? null : value === undefined || !values.includes(value);
    case 'Exists':
      return values.length > 0 ? null : value !== undefined;
    case 'DoesNotExist':
      return values.length > 0 ? null : value === undefined;
    default:
      return null;
  }
};

/**
 * Whether a label selector selects an object with these labels. An absent selector selects nothing, the empty one `{}` everything, an
 * invalid one nothing (apimachinery v0.36 pkg/apis/meta/v1/helpers.go LabelSelectorAsSelector, pkg/labels/selector.go Requirement.Matches).
 */
export const selects = (selector: LabelSelector | null | undefined, labels: Labels | undefined): boolean => {
  if (selector === undefined || selector === null) return false;
  const equal = Object.entries(selector.matchLabels ?? {}).map(([key, value]): Requirement => ({ key, operator: 'In', values: [value] }));
  return [...equal, ...(selector.matchExpressions ?? [])].every((r) => satisfies(r, labels ?? {}) === true);
};

/** A Service's selector: equal labels; without one the Service selects nothing, because others write its endpoints (core/v1 ServiceSpec). */
export const serviceSelects = (selector: Labels | undefined, labels: Labels | undefined): boolean => {
  const wanted = Object.entries(selector ?? {});
  return wanted.length > 0 && wanted.every(([key, value]) => labels !== undefined && Object.hasOwn(labels, key) && labels[key] === value);
};

const requirementOf = (term: string): Requirement => {
  const set = /^(\S+) (in|notin) \(([^)]*)\)$/u.exec(term);
  if (set !== null) return { key: set[1] ?? '', operator: set[2] === 'in' ? 'In' : 'NotIn', values: (set[3] ?? '').split(',') };
  if (term.startsWith('!')) return { key: term.slice(1), operator: 'DoesNotExist' };
  const at = term.indexOf('=');
  return at < 0 ? { key: term, operator: 'Exists' } : { key: term.slice(0, at), operator: 'In', values: [term.slice(at + 1)] };
};

/** Whether a selector as `selectorText` spells it selects these labels: one list for several selectors is told apart with it. */
export const textSelects = (text: string, labels: Labels | undefined): boolean => {
  const terms = text === '' ? [] : text.split(/,(?![^(]*\))/u);
  return terms.every((term) => satisfies(requirementOf(term), labels ?? {}) === true);
};
