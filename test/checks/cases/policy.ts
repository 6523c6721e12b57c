import type { Site } from '../../../src/facts/site.ts';
import { parsePolicy } from '../../../src/policy/parse.ts';
import { siteOf } from '../../../src/policy/site.ts';
import { healthyNode, object, pod } from '../../model/objects.ts';
import type { CheckCases } from '../case.ts';

const siteFrom = async (rest: string, context = 'production'): Promise<Site> => {
  const parsed = await parsePolicy(`apiVersion: kubectl-safe-delete/v1\nkind: Policy\n${rest}\n`);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return siteOf(parsed.value, { user: 'jane', context, dryRun: false });
};

const rule = (when: string, more = ''): string => `rules:\n- name: ours\n  message: The rule of the site holds\n  when: |\n    ${when}\n${more}`;

const lone = pod('lone', { metadata: { labels: { tier: 'gold', team: 'blue' } } });
const objects = [...healthyNode(), object('v1', 'Namespace', 'shop', { metadata: { namespace: undefined, labels: { owner: 'blue' } } })];
const sites = {
  context: await siteFrom('protected: {contexts: ["prod*"]}'),
  namespace: await siteFrom('protected: {namespaces: ["sh?p"]}'),
  labels: await siteFrom('protected: {labels: ["tier in (gold, silver)"]}'),
  bulk: await siteFrom('bulkLimit: 1'),
  rule: await siteFrom(rule("object.metadata.labels.team == 'blue' && user == 'jane' && context == 'production' && targets == 1 && !dryRun")),
  ofNamespace: await siteFrom(rule('namespaceObject.metadata.labels.owner == object.metadata.labels.team')),
  elsewhere: await siteFrom(`protected: {contexts: [prod], namespaces: [sho], labels: ["tier!=gold"]}\nbulkLimit: 1\n${rule("object.kind == 'Node'")}`),
  broken: await siteFrom(rule('object.metadata.annotations.reason == "x"')),
} as const;

export const cases: CheckCases = {
  check: 'policy',
  found: [
    { says: 'a context that the policy protects', pod: lone, objects, site: sites.context, codes: ['bare-pod', 'protected-context'], data: { name: 'protected-context', context: 'production', pattern: 'prod*' } },
    { says: 'a namespace that the policy protects', pod: lone, objects, site: sites.namespace, codes: ['bare-pod', 'protected-namespace'], data: { namespace: 'shop', pattern: 'sh?p' } },
    { says: 'labels that the policy protects', pod: lone, objects, site: sites.labels, codes: ['bare-pod', 'protected-object'], data: { selector: 'tier in (gold, silver)' } },
    { says: 'more targets than the policy lets go at once', pod: lone, also: [pod('other')], objects, site: sites.bulk, codes: ['bare-pod', 'bulk-limit'], data: { count: 2, limit: 1 } },
    { says: 'a rule over the object, the user, the context and the run', pod: lone, objects, site: sites.rule, codes: ['bare-pod', 'rule'], data: { name: 'ours', severity: 'blocker' } },
    { says: 'a rule over the namespace of the object', pod: lone, objects, site: sites.ofNamespace, codes: ['bare-pod', 'rule'] },
  ],
  clear: [
    { says: 'a policy of which nothing holds', pod: lone, objects, site: sites.elsewhere, codes: ['bare-pod'] },
    { says: 'as many targets as the policy lets go at once', pod: lone, objects, site: sites.bulk, codes: ['bare-pod'] },
    { says: 'no policy at all', pod: lone, objects, codes: ['bare-pod'] },
  ],
  unknown: [
    { says: 'a rule that speaks of what the object does not have', pod: lone, objects, site: sites.broken, codes: ['bare-pod'], unknown: ['policy'] },
    { says: 'a rule over a namespace that may not be read', pod: lone, objects, troubles: [{ verb: 'get', resource: 'namespaces', how: 'forbidden' }], site: sites.ofNamespace, codes: ['bare-pod'], unknown: ['policy'] },
  ],
};
