import type { CodesByCheck } from '../finding.ts';
import type { CheckWords } from '../words.ts';

const SHOWN = 3;
const some = (names: readonly string[], all = names.length): string => `${names.slice(0, SHOWN).join(', ')}${all > SHOWN ? ', …' : ''}`;

const opens = { ingress: 'accept connections from everywhere', egress: 'may connect to everywhere' } as const;
const closes = { ingress: 'lose the incoming connections that only it allows', egress: 'lose the outgoing connections that only it allows' } as const;

const consequence = (data: CodesByCheck['guards']['network-policy-in-force']): string => [...data.opens.map((d) => opens[d]), ...data.closes.map((d) => closes[d])].join(', and ');

const limit = ({ resource, hard, used }: CodesByCheck['guards']['quota-in-force']['limits'][number]): string => `${resource} ${hard}${used === null ? '' : ` (${used} used)`}`;

export const guards: CheckWords<'guards'> = {
  id: 'guards',
  looksAt: 'NetworkPolicy, quota, limit range; disruption budget, autoscaler',
  codes: {
    'network-policy-in-force': {
      severity: 'warning',
      means: 'A NetworkPolicy selects running pods that stay: without it they are open, or what only it allows is cut off.',
      message: (data, target) => `NetworkPolicy ${target.name} selects ${data.pods === 1 ? '1 running pod' : `${data.pods} running pods`} (${some(data.names, data.pods)}): without it they ${consequence(data)}.`,
      remedy: () => 'Apply the policy that takes its place first.',
      commands: (_data, target) => [{ argv: ['kubectl', 'describe', 'networkpolicy', target.name, '-n', target.namespace ?? 'default'], why: 'see what it allows' }],
    },
    'quota-in-force': {
      severity: 'warning',
      means: 'A ResourceQuota limits its namespace: without it new objects and pods are not held back.',
      message: (data, target) => `ResourceQuota ${target.name} limits namespace ${target.namespace ?? ''}: ${some(data.limits.map(limit))}. Without it nothing does.`,
      remedy: () => 'Raise its limits instead, or apply the quota that takes its place first.',
    },
    'limit-range-in-force': {
      severity: 'warning',
      means: 'A LimitRange gives new pods of its namespace their default requests and limits, or bounds them.',
      message: (data, target) => `LimitRange ${target.name} sets defaults and bounds in namespace ${target.namespace ?? ''} (${data.types.join(', ')}): new pods are without them, and a quota may refuse pods that say no requests.`,
      remedy: () => 'Apply the limit range that takes its place first.',
    },
    'budget-goes': {
      severity: 'note',
      means: 'A disruption budget goes: evictions of its pods are not held back any more.',
      message: (data, target) => (data.pods === 0 ? `Budget ${target.name} counts no pods.` : `Budget ${target.name} holds back evictions of ${data.pods === 1 ? '1 pod' : `${data.pods} pods`}: a drain of their nodes may take all of them at once then.`),
      remedy: (data) => (data.pods === 0 ? 'Nothing to do.' : 'Nothing to do, unless nodes are drained meanwhile.'),
    },
    'autoscaler-goes': {
      severity: 'note',
      means: 'An autoscaler goes: its workload keeps the size that it has.',
      message: (data, target) => {
        const of = data.scales === null ? 'its workload' : `${data.scales.kind} ${data.scales.name}`;
        return data.sizes === 'replicas' ? `Without ${target.kind} ${target.name}, ${of} keeps its number of replicas, whatever the load.` : `Without ${target.kind} ${target.name}, new pods of ${of} get the requests of their template again.`;
      },
      remedy: (data) => (data.sizes === 'replicas' ? 'Set the number of replicas that you want afterwards.' : 'Set the requests that you want in the template.'),
    },
  },
};
