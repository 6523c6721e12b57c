/** A policy as the check `policy` asks it: a function of the target and what was read of it. */
import type { Given } from '../facts/fact.ts';
import type { Site, Unanswered } from '../facts/site.ts';
import type { Looked } from '../facts/want.ts';
import type { FindingOf } from '../findings/finding.ts';
import type { Target } from '../model/target.ts';
import type { KubeObject } from '../model/wire.ts';
import type { Budget, Scope } from './cel.ts';
import { globMatches } from './glob.ts';
import type { Policy, Rule } from './policy.ts';

type Found = FindingOf<'policy'>;
const check = 'policy' as const;

/** Turns of all loops of all rules together; a run over thousands of objects needs a few of each. */
const STEPS_OF_RUN = 1_000_000;

export interface Circumstances {
  /** '' where the connection has none. */
  readonly user: string;
  readonly context: string;
  readonly dryRun: boolean;
}

const isNamespace = ({ ref }: Target): boolean => ref.group === '' && ref.kind === 'Namespace';

/** Said of every target, and not once a run: a target without the blocker would go with --skip-blocked. */
const ofTheRun = (policy: Policy, { context }: Circumstances, given: Given): readonly Found[] => {
  const pattern = policy.contexts.find((glob) => globMatches(glob, context));
  const count = given.targets.length;
  return [
    ...(pattern === undefined ? [] : [{ check, code: 'protected-context', data: { name: 'protected-context', context, pattern }, objects: [] } as const]),
    ...(policy.bulkLimit === null || count <= policy.bulkLimit ? [] : [{ check, code: 'bulk-limit', data: { name: 'bulk-limit', count, limit: policy.bulkLimit }, objects: [] } as const]),
  ];
};

const ofTheTarget = (policy: Policy, target: Target): readonly Found[] => {
  const namespace = isNamespace(target) ? target.ref.name : target.ref.namespace;
  const pattern = namespace === null ? undefined : policy.namespaces.find((glob) => globMatches(glob, namespace));
  const selector = policy.labels.find(({ matches }) => matches(target.object.metadata.labels ?? {}));
  return [
    ...(pattern === undefined || namespace === null ? [] : [{ check, code: 'protected-namespace', data: { name: 'protected-namespace', namespace, pattern }, objects: [] } as const]),
    ...(selector === undefined ? [] : [{ check, code: 'protected-object', data: { name: 'protected-object', selector: selector.text }, objects: [] } as const]),
  ];
};

/** What was asked for of a namespace: it may have been read whole for another reason. */
const metadataOf = (namespace: Looked<KubeObject>): object | null => (namespace.state === 'found' ? { metadata: namespace.value.metadata } : null);

/** The policy for one run. Its rules share one budget of steps. */
export const siteOf = (policy: Policy, circumstances: Circumstances): Site => {
  const budget: Budget = { left: STEPS_OF_RUN };
  const asked = (rule: Rule, target: Target, namespace: Looked<KubeObject>, given: Given): Found | Unanswered | null => {
    const unanswered = (why: string): Unanswered => ({ why: `rule ${rule.name} gives no answer: ${why}`, severity: rule.severity });
    if (rule.readsNamespace && namespace.state === 'unread') return unanswered(`namespace ${target.ref.namespace ?? ''} could not be read`);
    const scope: Scope = { ...circumstances, object: target.object, namespaceObject: rule.readsNamespace ? metadataOf(namespace) : null, now: given.now, targets: given.targets.length };
    const answer = rule.evaluate(scope, budget);
    if (!answer.ok) return unanswered(answer.error);
    return answer.value ? { check, code: 'rule', data: { name: rule.name, message: rule.message, severity: rule.severity }, objects: [] } : null;
  };
  return {
    readsNamespace: policy.rules.some((rule) => rule.readsNamespace),
    judge: (target, namespace, given) => {
      const answers = policy.rules.map((rule) => asked(rule, target, namespace, given));
      return {
        findings: [...ofTheRun(policy, circumstances, given), ...ofTheTarget(policy, target), ...answers.filter((a): a is Found => a !== null && 'code' in a)],
        unanswered: answers.filter((a): a is Unanswered => a !== null && 'why' in a),
      };
    },
  };
};
