/** Every check with its words, in the order shown to people. A check or code without words does not compile. */
import type { CheckId, CodesByCheck, Finding, GeneralFinding, Severity } from './finding.ts';
import { access } from './words/access.ts';
import { admission } from './words/admission.ts';
import { clusterWide } from './words/cluster-wide.ts';
import { controllerAction } from './words/controller-action.ts';
import { coverage } from './words/coverage.ts';
import { customResources } from './words/custom-resources.ts';
import { daemonSet } from './words/daemon-set.ts';
import { dependents } from './words/dependents.ts';
import { disruptionBudget } from './words/disruption-budget.ts';
import { exposure } from './words/exposure.ts';
import { finalizers } from './words/finalizers.ts';
import { gitopsOwner } from './words/gitops-owner.ts';
import { gracePeriod } from './words/grace-period.ts';
import { guards } from './words/guards.ts';
import { inUse } from './words/in-use.ts';
import { job } from './words/job.ts';
import { lastReplica } from './words/last-replica.ts';
import { localData } from './words/local-data.ts';
import { mirrorPod } from './words/mirror-pod.ts';
import { namespaceContents } from './words/namespace-contents.ts';
import { nodeObject } from './words/node-object.ts';
import { nodeReadiness } from './words/node-readiness.ts';
import { ownerController } from './words/owner-controller.ts';
import { permissions } from './words/permissions.ts';
import { persistentVolumeClaims } from './words/persistent-volume-claims.ts';
import { policy } from './words/policy.ts';
import { protectionMarkers } from './words/protection-markers.ts';
import { rollout } from './words/rollout.ts';
import { scope } from './words/scope.ts';
import { serviceEndpoints } from './words/service-endpoints.ts';
import { statefulSet } from './words/stateful-set.ts';
import { terminating } from './words/terminating.ts';
import type { CheckWords, CodeWords } from './words.ts';

export const checksCatalogue: { readonly [C in CheckId]: CheckWords<C> } = {
  'owner-controller': ownerController,
  'stateful-set': statefulSet,
  'persistent-volume-claims': persistentVolumeClaims,
  finalizers,
  'node-readiness': nodeReadiness,
  'disruption-budget': disruptionBudget,
  'service-endpoints': serviceEndpoints,
  'last-replica': lastReplica,
  rollout,
  job,
  'daemon-set': daemonSet,
  terminating,
  'mirror-pod': mirrorPod,
  'local-data': localData,
  'grace-period': gracePeriod,
  permissions,
  admission,
  'protection-markers': protectionMarkers,
  'gitops-owner': gitopsOwner,
  dependents,
  'namespace-contents': namespaceContents,
  'custom-resources': customResources,
  'controller-action': controllerAction,
  'in-use': inUse,
  exposure,
  'cluster-wide': clusterWide,
  guards,
  access,
  'node-object': nodeObject,
  scope,
  policy,
  coverage,
};

export const checkIds = Object.keys(checksCatalogue) as readonly CheckId[];

/** Codes that every check can have. */
export const generalWords: { readonly [C in GeneralFinding['code']]: CodeWords<Extract<GeneralFinding, { code: C }>['data']> } = {
  'check-skipped': {
    severity: 'warning',
    means: 'A check that can block was left out with --skip: what it would have found is not known.',
    message: (data, target) => `Check ${data.id} was skipped for ${target.name}: what it would have found is not known.`,
    remedy: (data) => `Run it: leave ${data.id} out of --skip.`,
  },
  'check-unknown': {
    severity: 'warning',
    means: 'A check could not be made where it could have found a blocker or a loss that cannot be undone, or with --strict.',
    message: (data, target) => `Check ${data.id} could not be made for ${target.name}: ${data.reason}.`,
    remedy: (data) => (data.id === 'policy' ? 'Correct the rule or get the right to read what it needs, or look yourself.' : 'Get the right to read what it needs, or look yourself.'),
  },
};

/** The words of a code, for any check: the union over data types is safe because check and code are looked up together. */
export const wordsOf = (finding: Pick<Finding, 'check' | 'code'>): CodeWords<CodesByCheck[CheckId][never]> => {
  const codes = checksCatalogue[finding.check].codes as unknown as Readonly<Record<string, CodeWords<never>>>;
  const general = generalWords as unknown as Readonly<Record<string, CodeWords<never>>>;
  const words = codes[finding.code] ?? general[finding.code];
  if (words === undefined) throw new Error(`no words for ${finding.check}/${finding.code}`);
  return words;
};

/** Which severities a check can give: decides whether failing to look needs consent (`unknown` needs consent there). */
export const gravest = (check: CheckId): { readonly severities: ReadonlySet<Severity>; readonly irreversible: boolean } => {
  const codes = Object.values(checksCatalogue[check].codes) as readonly CodeWords<never>[];
  return { severities: new Set(codes.map((c) => c.severity)), irreversible: codes.some((c) => c.irreversible === true) };
};

/** Ids that --allow takes: checks and codes that can block. */
export const allowable: ReadonlySet<string> = new Set(
  checkIds.flatMap((id) => {
    const codes = Object.entries(checksCatalogue[id].codes) as readonly [string, CodeWords<never>][];
    const blocking = codes.filter(([, words]) => words.severity === 'blocker' && words.final !== true).map(([code]) => code);
    return blocking.length === 0 ? [] : [id, ...blocking];
  }),
);

/** Every check id and code, for `explain` and for telling a wrong id from one that cannot block. */
export const knownIds: ReadonlySet<string> = new Set(checkIds.flatMap((id) => [id, ...Object.keys(checksCatalogue[id].codes)]).concat(Object.keys(generalWords)));
