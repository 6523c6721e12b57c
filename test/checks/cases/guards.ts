import { healthyNode, marked, object, pod } from '../../model/objects.ts';
import type { Parts } from '../../model/objects.ts';
import { deployment, replicaSet, webPod } from '../../model/workloads.ts';
import type { CheckCases } from '../case.ts';

const NETWORK = 'networking.k8s.io/v1';
const policy = (name: string, spec: object, more: Parts = {}) => object(NETWORK, 'NetworkPolicy', name, { spec: { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Ingress'], ...spec }, ...more });
const web = policy('web', { ingress: [{}] });
const running = [webPod('web-a'), webPod('web-b'), pod('lone')];
const quota = (hard: object, used: object = {}) => object('v1', 'ResourceQuota', 'team', { spec: { hard }, status: { hard, used } });
const limits = (types: readonly string[]) => object('v1', 'LimitRange', 'defaults', { spec: { limits: types.map((type) => ({ type, default: { cpu: '1' } })) } });
const budget = (expectedPods: number) => object('policy/v1', 'PodDisruptionBudget', 'web', { spec: { selector: { matchLabels: { app: 'web' } }, minAvailable: 1 }, status: { expectedPods, currentHealthy: expectedPods } });
const keda = { group: 'keda.sh', version: 'v1alpha1', kind: 'ScaledObject', resource: 'scaledobjects' };
const vpa = { group: 'autoscaling.k8s.io', version: 'v1', kind: 'VerticalPodAutoscaler', resource: 'verticalpodautoscalers' };

export const cases: CheckCases = {
  check: 'guards',
  found: [
    { says: 'a policy that isolates two running pods opens them', object: web, objects: running, codes: ['network-policy-in-force'], data: { pods: 2, names: ['web-a', 'web-b'], opens: ['ingress'], closes: [] } },
    { says: 'another policy keeps them isolated: what only this one allows is cut off', object: web, objects: [...running, policy('default-deny', { podSelector: {} })], codes: ['network-policy-in-force'], data: { opens: [], closes: ['ingress'] } },
    { says: 'a policy that isolates only one of them leaves the other open', object: web, objects: [webPod('web-a', { metadata: { labels: { app: 'web', tier: 'front' } } }), webPod('web-b'), policy('front', { podSelector: { matchLabels: { tier: 'front' } } })], codes: ['network-policy-in-force'], data: { opens: ['ingress'] } },
    { says: 'another policy that goes as well isolates nothing', object: web, also: [policy('default-deny', { podSelector: {} })], objects: running, codes: ['network-policy-in-force'], data: { opens: ['ingress'] } },
    { says: 'an empty selector is every pod, and egress rules without types count', object: policy('all', { podSelector: {}, policyTypes: undefined, egress: [{}] }), objects: running, codes: ['network-policy-in-force'], data: { pods: 3, opens: ['ingress', 'egress'] } },
    { says: 'a quota limits its namespace', object: quota({ pods: '10', 'limits.cpu': '4' }, { pods: '3' }), codes: ['quota-in-force'], data: { limits: [{ resource: 'pods', hard: '10', used: '3' }, { resource: 'limits.cpu', hard: '4', used: null }] } },
    { says: 'a limit range gives defaults', object: limits(['Container', 'Pod']), codes: ['limit-range-in-force'], data: { types: ['Container', 'Pod'] } },
    { says: 'a budget is a note', object: budget(3), codes: ['budget-goes'], data: { pods: 3 } },
    { says: 'a budget that counts nothing too', object: budget(0), codes: ['budget-goes'], data: { pods: 0 } },
    { says: 'an autoscaler is a note', object: object('autoscaling/v2', 'HorizontalPodAutoscaler', 'web', { spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } } }), codes: ['autoscaler-goes'], data: { scales: { kind: 'Deployment', name: 'web' }, sizes: 'replicas' } },
    { says: 'so is one of KEDA, which may leave out the kind', object: object('keda.sh/v1alpha1', 'ScaledObject', 'web', { spec: { scaleTargetRef: { name: 'web' } } }), kinds: [keda], codes: ['autoscaler-goes'], data: { scales: { kind: 'Deployment', name: 'web' } } },
    { says: 'and one that sizes requests', object: object('autoscaling.k8s.io/v1', 'VerticalPodAutoscaler', 'web', { spec: { targetRef: { kind: 'StatefulSet', name: 'db' } } }), kinds: [vpa], codes: ['autoscaler-goes'], data: { scales: { kind: 'StatefulSet', name: 'db' }, sizes: 'requests' } },
    { says: 'one whose workload cannot be read from it', object: object('keda.sh/v1alpha1', 'ScaledObject', 'web', { spec: {} }), kinds: [keda], codes: ['autoscaler-goes'], data: { scales: null } },
  ],
  clear: [
    { says: 'a policy that selects no pod is quiet', object: policy('old', { podSelector: { matchLabels: { app: 'gone' } } }), objects: running, codes: [] },
    { says: 'one whose pods have finished', object: web, objects: [webPod('web-a', { status: { phase: 'Succeeded', conditions: [] } }), webPod('web-b', { metadata: marked(30, 5) })], codes: [] },
    { says: 'one whose pods go in this run', object: web, also: [webPod('web-a')], objects: healthyNode(), codes: [] },
    { says: 'one whose workload goes in this run', object: web, also: [deployment({ spec: { selector: { matchLabels: { app: 'web' } } } })], objects: [replicaSet(), webPod('web-a')], codes: [] },
    { says: "a pod of the host's network is not isolated by policies", object: web, objects: [webPod('web-a', { spec: { hostNetwork: true } })], codes: [] },
    { says: 'pods of another namespace', object: web, objects: [webPod('web-a', { metadata: { namespace: 'other' } })], codes: [] },
    { says: 'a quota without limits', object: quota({}), codes: [] },
    { says: 'a limit range without limits', object: limits([]), codes: [] },
  ],
  unknown: [
    { says: 'pods that may not be listed are unknown', object: web, objects: running, troubles: [{ verb: 'list', resource: 'pods', how: 'forbidden' }], codes: [], unknown: ['guards'] },
    { says: 'other policies that may not be listed count as none', object: web, objects: [...running, policy('default-deny', { podSelector: {} })], troubles: [{ verb: 'list', resource: 'networkpolicies', how: 'forbidden' }], codes: ['network-policy-in-force'], unknown: ['guards'], data: { opens: ['ingress'] } },
  ],
};
