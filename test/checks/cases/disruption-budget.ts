import { budget } from '../../model/around.ts';
import { healthyNode, marked, notReady, object, pod } from '../../model/objects.ts';
import { deployment, member, replicaSet, statefulSet, webController, webPod, webWorkload } from '../../model/workloads.ts';
import type { CheckCases } from '../case.ts';

const web = webPod('web-a');
const none = { disruptionsAllowed: 0, currentHealthy: 2, desiredHealthy: 2 };
const selecting = (selector: object | undefined) => budget('b', { spec: { selector }, status: none });
const lone = pod('lone');

export const cases: CheckCases = {
  check: 'disruption-budget',
  found: [
    { says: 'a budget that allows nothing blocks', pod: web, objects: [budget('b', { status: none }), ...webWorkload], codes: ['recreated', 'budget-exceeded'], data: { desiredHealthy: 2, currentHealthy: 2, disruptionsAllowed: 0, expectedPods: 2, going: 1 } },
    { says: 'two targets of a budget that allows one block together', pod: web, also: [webPod('web-b')], objects: [budget('b'), ...webWorkload], codes: ['recreated', 'budget-exceeded'], data: { disruptionsAllowed: 1, going: 2 } },
    { says: 'targets of several workloads under one budget count together', pod: web, also: [pod('other', { metadata: { labels: { app: 'web' } } })], objects: [budget('b'), ...webWorkload], codes: ['recreated', 'budget-exceeded'], data: { going: 2 } },
    { says: 'the empty selector selects every pod of the namespace', pod: lone, objects: [selecting({}), ...healthyNode()], codes: ['bare-pod', 'budget-exceeded'] },
    { says: 'a pod without labels is selected by what asks for their absence', pod: lone, objects: [selecting({ matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }), ...healthyNode()], codes: ['bare-pod', 'budget-exceeded'] },
    { says: 'a budget whose computation failed allows nothing and says why', pod: web, objects: [budget('b', { status: { disruptionsAllowed: 0, conditions: [{ type: 'DisruptionAllowed', status: 'False', reason: 'SyncFailed', message: 'found no controllers for pod "web-a"' }] } }), ...webWorkload], codes: ['recreated', 'budget-exceeded'], data: { failedSync: 'found no controllers for pod "web-a"' } },
    { says: 'a budget changed since it was computed has old numbers', pod: web, objects: [budget('b', { metadata: { generation: 2 } }), ...webWorkload], codes: ['recreated', 'budget-not-observed'], data: { generation: 2, observedGeneration: 1 } },
    { says: 'a budget that was never computed has no numbers', pod: web, objects: [object('policy/v1', 'PodDisruptionBudget', 'b', { metadata: { generation: 1 }, spec: { selector: { matchLabels: { app: 'web' } } } }), ...webWorkload], codes: ['recreated', 'budget-not-observed'] },
    { says: 'two budgets on one pod stop every eviction', pod: web, objects: [budget('b'), budget('c'), ...webWorkload], codes: ['recreated', 'several-budgets'] },
    { says: 'of two budgets the one that allows nothing blocks as well', pod: web, objects: [budget('b'), budget('c', { status: none }), ...webWorkload], codes: ['recreated', 'several-budgets', 'budget-exceeded'] },
    { says: 'with --evict the server holds the run to the budget: worth knowing', pod: web, evict: true, objects: [budget('b', { status: none }), ...webWorkload], codes: ['recreated', 'eviction-waits'], data: { disruptionsAllowed: 0, going: 1 } },
    { says: 'room that is left is a note', pod: web, objects: [budget('b'), ...webWorkload], codes: ['recreated', 'budget-has-room'], data: { disruptionsAllowed: 1, going: 1 } },
    { says: "a StatefulSet's budget counts like any other", pod: member(0), objects: [member(1), member(2), statefulSet(), budget('b', { spec: { selector: { matchLabels: { app: 'db' } } }, status: none }), ...healthyNode()], codes: ['recreated', 'margin-left', 'budget-exceeded'] },
  ],
  clear: [
    { says: 'a pod that is not Ready is counted by no budget', pod: webPod('web-a', { status: notReady }), objects: [budget('b', { status: { ...none, currentHealthy: 1 } }), ...webWorkload], codes: ['recreated'] },
    { says: 'AlwaysAllow and IfHealthyBudget speak of evictions, not of this', pod: webPod('web-a', { status: notReady }), objects: [budget('b', { spec: { unhealthyPodEvictionPolicy: 'IfHealthyBudget' }, status: none }), ...webWorkload], codes: ['recreated'] },
    { says: 'a finished pod is counted by no budget', pod: webPod('web-a', { status: { phase: 'Failed' } }), objects: [budget('b', { status: none }), ...webWorkload], codes: ['finished-pod'] },
    { says: 'a target that is not Ready takes nothing from the budget', pod: web, also: [webPod('web-b', { status: notReady })], objects: [budget('b'), ...webWorkload], codes: ['recreated', 'budget-has-room'], data: { going: 1 } },
    { says: 'a target that is Terminating already takes nothing more', pod: web, also: [webPod('web-b', { metadata: marked(30, 5) })], objects: [budget('b'), ...webWorkload], codes: ['recreated', 'budget-has-room'], data: { going: 1 } },
    { says: 'a target of another namespace takes nothing', pod: web, also: [webPod('web-b', { metadata: { namespace: 'other' } })], objects: [budget('b'), ...webWorkload], codes: ['recreated', 'budget-has-room'], data: { going: 1 } },
    { says: 'a budget without a selector selects nothing', pod: web, objects: [selecting(undefined), ...webWorkload], codes: ['recreated'] },
    { says: 'a budget for other labels', pod: web, objects: [selecting({ matchLabels: { app: 'api' } }), ...webWorkload], codes: ['recreated'] },
    { says: 'a budget of another namespace', pod: web, objects: [budget('b', { metadata: { namespace: 'other' }, status: none }), ...webWorkload], codes: ['recreated'] },
    { says: 'a workload that is being deleted takes its pods anyway', pod: web, objects: [budget('b', { status: none }), deployment({ metadata: { deletionTimestamp: '2026-03-01T12:00:00Z' } }), replicaSet(), ...healthyNode()], codes: ['not-recreated'] },
    { says: 'with --evict a budget that was just changed is waited for', pod: web, evict: true, objects: [budget('b', { metadata: { generation: 2 } }), ...webWorkload], codes: ['recreated', 'budget-has-room'] },
    { says: 'an ordinary pod without any budget', pod: web, objects: webWorkload, codes: ['recreated'] },
    { says: "a mirror pod's process goes on", pod: pod('etcd-node-1', { metadata: { annotations: { 'kubernetes.io/config.mirror': 'x' } } }), objects: [selecting({}), ...healthyNode()], codes: ['static-pod'] },
  ],
  unknown: [
    { says: 'budgets that may not be listed are unknown', pod: web, objects: webWorkload, troubles: [{ verb: 'list', resource: 'poddisruptionbudgets', how: 'forbidden' }], codes: ['recreated'], unknown: ['disruption-budget'] },
    { says: 'a server without the policy API proves no absence', pod: web, objects: webWorkload, troubles: [{ verb: 'list', resource: 'poddisruptionbudgets', how: 'not-found-page' }], codes: ['recreated'], unknown: ['disruption-budget'] },
    { says: 'nothing is unknown for a pod that is not Ready: nothing is asked', pod: webPod('web-a', { status: notReady }), objects: webWorkload, troubles: [{ verb: 'list', resource: 'poddisruptionbudgets', how: 'forbidden' }], codes: ['recreated'] },
    { says: 'an owner that may not be read leaves the budget speaking', pod: web, objects: [budget('b', { status: none }), ...webController, ...healthyNode()], troubles: [{ verb: 'get', resource: 'replicasets', how: 'forbidden' }], codes: ['budget-exceeded'], unknown: ['owner-controller', 'last-replica', 'rollout'] },
  ],
};
