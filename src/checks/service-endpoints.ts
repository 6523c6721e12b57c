import type { Given } from '../facts/fact.ts';
import type { Views } from '../facts/facts.ts';
import { workloadGoes } from '../facts/going.ts';
import { statefulSetOf } from '../facts/owners.ts';
import { leftEmpty } from '../facts/services.ts';
import type { ServiceOfPod } from '../facts/services.ts';
import type { FindingOf, Gentler } from '../findings/finding.ts';
import { isServing } from '../model/pod.ts';
import type { Target } from '../model/target.ts';
import type { Pod, StatefulSet } from '../model/wire.ts';
import { defineCheck, notForMirrors } from './check.ts';
import { gentlerFor } from './gentler.ts';

type Found = FindingOf<'service-endpoints'>;
const check = 'service-endpoints' as const;

const empty = (s: ServiceOfPod, gentler: Gentler | null): Found => {
  const data = { service: s.ref, headless: s.headless, readyNow: s.readyNow, gentler };
  if (s.neededBy.length === 0) return { check, code: 'no-endpoint-left', data, objects: [s.ref] };
  return { check, code: 'api-backend-left-empty', data: { ...data, neededBy: s.neededBy }, objects: [s.ref, ...s.neededBy.map((n) => n.ref)] };
};

/** Traffic may hit a container that has its stop signal already, or one that does not serve yet. A headless Service routes nothing. */
const gap = (pod: Pod, services: readonly ServiceOfPod[]): readonly Found[] => {
  const routed = services.filter((s) => s.readyAfter > 0 && !s.headless).map((s) => s.ref);
  const containers = [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])];
  const noPreStop = containers.every((c) => c.lifecycle?.preStop === undefined);
  const noReadinessProbe = containers.every((c) => c.readinessProbe === undefined) && (pod.spec?.readinessGates ?? []).length === 0;
  return routed.length > 0 && (noPreStop || noReadinessProbe) ? [{ check, code: 'short-gap', data: { services: routed, noPreStop, noReadinessProbe }, objects: routed }] : [];
};

/** The Service itself goes: to the API server that is the same as no ready endpoint behind it. One that has none already changes nothing. */
const ofService = ({ ready, neededBy }: Views['apiBackend']): readonly Found[] =>
  neededBy.length === 0 ? [] : [{ check, code: 'api-backend-goes', data: { ready, neededBy }, objects: neededBy.map((n) => n.ref) }];

const isService = ({ ref }: Target): boolean => ref.group === '' && ref.kind === 'Service';

const find = (pod: Pod, views: Pick<Views, 'services' | 'owners'>, given: Given): readonly Found[] => {
  const { chain } = views.owners;
  if (workloadGoes(chain, given)) return [];
  // The headless Service that gives a set's members their names is the set seen from outside: `stateful-set` counts its members.
  const set: StatefulSet | null = statefulSetOf(chain)?.object ?? null;
  const left = leftEmpty(views.services).filter((s) => !(s.headless && s.neededBy.length === 0 && s.ref.name === set?.spec?.serviceName));
  return [...left.map((s) => empty(s, gentlerFor(chain))), ...gap(pod, views.services.services)];
};

export const serviceEndpoints = defineCheck({
  id: 'service-endpoints',
  kinds: ['/Pod', '/Service'],
  needs: ['services', 'apiBackend'],
  // For the way around, and to stay silent where the workload goes: unread owners leave it speaking.
  uses: ['owners'],
  notApplicable: (object, _given, target) => (isService(target) ? null : (notForMirrors(object) ?? (isServing(object) ? null : 'not Ready: no Service routes to it'))),
  find: (object, views, given, target) => (isService(target) ? ofService(views.apiBackend) : find(object, views, given)),
});
