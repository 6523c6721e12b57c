import type { Views } from '../facts/facts.ts';
import type { FindingOf } from '../findings/finding.ts';
import type { Target } from '../model/target.ts';
import type { Autoscaler, Budget, LimitRange, ResourceQuota, Unstructured } from '../model/wire.ts';
import { defineCheck } from './check.ts';

type Found = FindingOf<'guards'>;
const check = 'guards' as const;

const policy = ({ pods, directions }: Views['networkPolicy']): readonly Found[] => {
  if (pods.length === 0) return [];
  const directionsWhere = (byOthers: boolean) => directions.filter((d) => d.isolatedByOthers === byOthers).map((d) => d.direction);
  return [{ check, code: 'network-policy-in-force', data: { pods: pods.length, names: pods.map((p) => p.metadata.name), opens: directionsWhere(false), closes: directionsWhere(true) }, objects: [] }];
};

const quota = ({ spec, status }: ResourceQuota): readonly Found[] => {
  const limits = Object.entries(spec?.hard ?? {}).map(([resource, hard]) => ({ resource, hard, used: status?.used?.[resource] ?? null }));
  return limits.length === 0 ? [] : [{ check, code: 'quota-in-force', data: { limits }, objects: [] }];
};

const limitRange = ({ spec }: LimitRange): readonly Found[] => {
  const types = [...new Set((spec?.limits ?? []).map((l) => l.type))];
  return types.length === 0 ? [] : [{ check, code: 'limit-range-in-force', data: { types }, objects: [] }];
};

/** The autoscalers name what they scale alike; KEDA leaves the kind out for a Deployment. */
const scaledBy = (spec: unknown, field: 'scaleTargetRef' | 'targetRef'): { readonly kind: string; readonly name: string } | null => {
  const named = (spec as Readonly<Record<string, { readonly kind?: unknown; readonly name?: unknown } | undefined>> | undefined)?.[field];
  if (typeof named?.name !== 'string') return null;
  return { kind: typeof named.kind === 'string' ? named.kind : 'Deployment', name: named.name };
};

const find = (target: Target, views: Pick<Views, 'networkPolicy'>): readonly Found[] => {
  const { object } = target;
  switch (`${target.ref.group}/${target.ref.kind}`) {
    case 'networking.k8s.io/NetworkPolicy':
      return policy(views.networkPolicy);
    case '/ResourceQuota':
      return quota(object);
    case '/LimitRange':
      return limitRange(object);
    case 'policy/PodDisruptionBudget':
      return [{ check, code: 'budget-goes', data: { pods: (object as Budget).status?.expectedPods ?? 0 }, objects: [] }];
    case 'autoscaling.k8s.io/VerticalPodAutoscaler':
      return [{ check, code: 'autoscaler-goes', data: { scales: scaledBy((object as Unstructured).spec, 'targetRef'), sizes: 'requests' }, objects: [] }];
    default:
      return [{ check, code: 'autoscaler-goes', data: { scales: scaledBy((object as Autoscaler | Unstructured).spec, 'scaleTargetRef'), sizes: 'replicas' }, objects: [] }];
  }
};

export const guards = defineCheck({
  id: 'guards',
  kinds: [
    'networking.k8s.io/NetworkPolicy',
    '/ResourceQuota',
    '/LimitRange',
    'policy/PodDisruptionBudget',
    'autoscaling/HorizontalPodAutoscaler',
    'autoscaling.k8s.io/VerticalPodAutoscaler',
    'keda.sh/ScaledObject',
  ],
  needs: ['networkPolicy'],
  find: (_object, views, _given, target) => find(target, views),
});
