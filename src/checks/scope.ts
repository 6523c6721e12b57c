import type { Given, Selection } from '../facts/fact.ts';
import type { FindingOf } from '../findings/finding.ts';
import { onlyNegates } from '../model/label-selector.ts';
import { deletionChangesSomething, isFinished, isPodKind } from '../model/pod.ts';
import type { Target } from '../model/target.ts';
import { defineCheck } from './check.ts';

type Found = FindingOf<'scope'>;
const check = 'scope' as const;

/** More than a person looks through. */
const MANY = 20;

/** What people think that `all` holds, and what it does not (kubernetes pkg/registry: the storages without this category). */
const NOT_IN_ALL = ['ConfigMaps', 'Secrets', 'claims', 'ServiceAccounts', 'Ingresses', 'custom resources'] as const;

/** Records of what happened; nothing stops when they go. */
const isEvent = (target: Target): boolean => target.ref.kind === 'Event' && (target.ref.group === '' || target.ref.group === 'events.k8s.io');

/** What this run would really end: not finished pods, Events, or what is Terminating anyway. */
const counts = (target: Target, given: Given): boolean =>
  !isEvent(target) && !(isPodKind(target.ref) && isFinished(target.object)) && deletionChangesSomething(target.object, given.gracePeriodSeconds);

const counted = new WeakMap<Given, readonly Target[]>();

/** Once for all targets of a run. */
const countedOf = (given: Given): readonly Target[] => {
  const known = counted.get(given) ?? given.targets.filter((t) => counts(t, given));
  counted.set(given, known);
  return known;
};

/** Terms of a field selector are `a=b` and `a!=b` alone. */
const fieldsOnlyNegate = (selector: string): boolean => selector.split(',').every((term) => term.includes('!='));

/** Both selectors hold at once: one term that says what is meant is enough. */
const saysOnlyWhatNot = ({ labelSelector, fieldSelector }: Selection): boolean => {
  const given = [labelSelector, fieldSelector].some((s) => s !== null && s !== '');
  return given && (labelSelector ?? '') === '' ? fieldsOnlyNegate(fieldSelector ?? '') : onlyNegates(labelSelector ?? '') && ((fieldSelector ?? '') === '' || fieldsOnlyNegate(fieldSelector ?? ''));
};

const namespacesOf = (targets: readonly Target[]): readonly string[] => [...new Set(targets.flatMap((t) => t.ref.namespace ?? []))].toSorted();

const alikeIn = new WeakMap<Given, Map<string, readonly Target[]>>();

/** Worked out once for all targets of a kind. */
const sameKind = (of: Target, given: Given): readonly Target[] => {
  const kinds = alikeIn.get(given) ?? new Map<string, readonly Target[]>();
  alikeIn.set(given, kinds);
  const kind = `${of.ref.group}/${of.ref.kind}`;
  const alike = kinds.get(kind) ?? given.targets.filter((t) => t.ref.kind === of.ref.kind && t.ref.group === of.ref.group);
  kinds.set(kind, alike);
  return alike;
};

/** Blockers are said of every target: one that went unblamed would go alone where blocked ones are left out. */
const everything = (target: Target, given: Given, { all, allNamespaces }: Selection): readonly Found[] => {
  if (!all) return [];
  if (target.ref.namespace !== null && !allNamespaces) return [];
  const alike = sameKind(target, given);
  if (target.ref.namespace === null) return [{ check, code: 'all-of-cluster-scoped-kind', data: { kind: target.ref.kind, count: alike.length }, objects: [] }];
  return [{ check, code: 'all-in-all-namespaces', data: { count: alike.length, namespaces: namespacesOf(alike).length }, objects: [] }];
};

/** One finding for the run, on the first target that counts: it speaks of all of them. */
const ofTheRun = (target: Target, given: Given, selection: Selection): readonly Found[] => {
  const going = countedOf(given);
  const count = going.length;
  if (going[0]?.ref.uid !== target.ref.uid) return [];
  const selectors = [selection.labelSelector, selection.fieldSelector].filter((s): s is string => s !== null && s !== '');
  const selector = selectors.join(' and ');
  const found: Found[] = [];
  if (selection.allNamespaces && selectors.length > 0) found.push({ check, code: 'selector-in-all-namespaces', data: { selector, count, namespaces: namespacesOf(going) }, objects: [] });
  if (saysOnlyWhatNot(selection)) found.push({ check, code: 'only-negations', data: { selector, count }, objects: [] });
  if (selection.all && selection.categoryAll === true) found.push({ check, code: 'all-leaves-some', data: { leaves: NOT_IN_ALL }, objects: [] });
  if (count > MANY) found.push({ check, code: 'many-objects', data: { count, limit: MANY }, objects: [] });
  return found;
};

const byName: Selection = { all: false, allNamespaces: false, labelSelector: null, fieldSelector: null, manifests: false, namespaceGiven: false };

const find = (target: Target, given: Given): readonly Found[] => {
  const selection = given.selection ?? byName;
  const limitsNothing = target.ref.namespace === null && selection.namespaceGiven && !selection.manifests && !selection.all;
  return [
    ...everything(target, given, selection),
    ...ofTheRun(target, given, selection),
    ...(limitsNothing ? [{ check, code: 'namespace-means-nothing' as const, data: { kind: target.ref.kind }, objects: [] }] : []),
  ];
};

export const scope = defineCheck({
  id: 'scope',
  kinds: 'every',
  needs: [],
  find: (_pod, _views, given, target) => find(target, given),
});
