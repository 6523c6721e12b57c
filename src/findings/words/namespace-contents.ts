import type { Command } from '../finding.ts';
import { counted, someOf } from '../count.ts';
import type { CheckWords } from '../words.ts';

const KINDS_SHOWN = 8;
const NAMES_SHOWN = 5;

const objects = (n: number): string => (n === 1 ? '1 object' : `${n} objects`);
const look = (namespace: string): readonly Command[] => [{ argv: ['kubectl', 'get', 'all,ingresses,configmaps,secrets,persistentvolumeclaims', '-n', namespace], why: 'see what is in it' }];
const unseen = (notListed: readonly string[]): string => (notListed.length === 0 ? '' : ` Not listed: ${someOf(notListed, NAMES_SHOWN)}.`);

export const namespaceContents: CheckWords<'namespace-contents'> = {
  id: 'namespace-contents',
  looksAt: 'everything in it, load balancers, broken APIServices',
  codes: {
    'system-namespace': {
      severity: 'blocker',
      means: 'The namespace is `default` or begins with `kube-`: the cluster itself uses it.',
      message: (data, target) => (data.why === 'default' ? 'Namespace default is where everything without a namespace of its own lives.' : `Namespace ${target.name} belongs to Kubernetes: the cluster does not work without what is in it.`),
      remedy: () => 'Delete the objects that you mean, by name.',
      commands: (_data, target) => look(target.name),
    },
    'contents-go': {
      severity: 'warning',
      irreversible: true,
      means: 'The namespace is not empty: everything in it is deleted with it. What every namespace has by itself is not counted.',
      message: (data, target) =>
        `Namespace ${target.name} is not empty: ${someOf(data.kinds.map(counted), KINDS_SHOWN)} ${data.total === 1 && !data.atLeast ? 'goes' : 'go'} with it${data.owned === 0 ? '' : `, and ${objects(data.owned)} that they own`}.${unseen(data.notListed)}`,
      remedy: () => 'Save what is still needed, or delete the objects that you mean and keep the namespace.',
      commands: (_data, target) => look(target.name),
    },
    'contents-not-known': {
      severity: 'warning',
      irreversible: true,
      means: 'Not everything in the namespace could be listed, so it does not count as empty.',
      message: (data, target) => `Nothing was found in namespace ${target.name}, but it could not be fully listed.${unseen(data.notListed)}`,
      remedy: () => 'Get the right to list these kinds, or look with somebody who has it.',
    },
    'namespace-empty': {
      severity: 'note',
      means: 'Nothing is in the namespace but what every namespace has by itself.',
      message: (data) => `Namespace ${data.namespace} is empty.`,
      remedy: () => 'Nothing to do.',
    },
    'claims-go': {
      severity: 'warning',
      irreversible: true,
      means: 'Claims in the namespace go with it, and by their reclaim policy the data of their volumes too. A policy that cannot be read counts as Delete.',
      message: (data, target) =>
        `${data.claims.length === 1 ? '1 claim' : `${data.claims.length} claims`} of namespace ${target.name} ${data.claims.length === 1 ? 'goes' : 'go'} with ${data.claims.length === 1 ? 'its' : 'their'} data (reclaim policy ${
          data.unknown === 0 ? 'Delete' : data.unknown === data.claims.length ? 'not readable, so it counts as Delete' : `Delete; ${data.unknown} of them not readable, which counts as Delete`
        }): ${someOf(data.claims.map((c) => c.name), NAMES_SHOWN)}.`,
      remedy: () => 'Copy the data first, or set the reclaim policy of the volumes to Retain.',
      commands: (data) =>
        data.claims
          .filter((c) => c.volume !== null)
          .slice(0, NAMES_SHOWN)
          .map((c) => ({ argv: ['kubectl', 'patch', 'pv', c.volume ?? '', '-p', '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}'], why: `keep the volume of ${c.name} and its data` })),
    },
    'volumes-stay': {
      severity: 'note',
      means: 'Claims in the namespace go, their volumes and data stay (reclaim policy Retain).',
      message: (data) => `Data stays: ${data.volumes.length === 1 ? 'volume' : 'volumes'} ${someOf(data.volumes, NAMES_SHOWN)} (reclaim policy Retain).`,
      remedy: () => 'The volumes stay Released until someone binds or deletes them.',
    },
    'contents-held': {
      severity: 'note',
      means: 'Objects in the namespace have finalizers of other controllers than those of Kubernetes: it stays Terminating until these have removed them.',
      message: (data, target) => `Namespace ${target.name} stays Terminating until the finalizers in it are removed: ${someOf(data.finalizers.map((f) => `${f.name} on ${objects(f.count)}`), NAMES_SHOWN)}.`,
      remedy: () => 'Make sure that their controllers run, and not in this namespace.',
    },
    'load-balancers-go': {
      severity: 'warning',
      irreversible: true,
      means: 'Services of type LoadBalancer are in the namespace: the load balancers outside of the cluster and their addresses go with them.',
      message: (data, target) =>
        `${data.names.length === 1 ? 'The load balancer' : `${data.names.length} load balancers`} of namespace ${target.name} and ${data.names.length === 1 ? 'its address go' : 'their addresses go'} outside of the cluster: ${data.names.length === 1 ? 'service' : 'services'} ${someOf(data.names, NAMES_SHOWN)}.`,
      remedy: () => 'Move DNS and clients away first: a new load balancer gets another address.',
      commands: (_data, target) => [{ argv: ['kubectl', 'get', 'services', '-n', target.name, '-o', 'wide'], why: 'see the addresses' }],
    },
    'api-server-missing': {
      severity: 'warning',
      means: 'An APIService is not available: the namespace stays Terminating until it answers or is deleted, because nobody can tell what of it the namespace holds.',
      message: (data, target) =>
        `Namespace ${target.name} will stay Terminating: ${data.services.length === 1 ? 'APIService' : 'APIServices'} ${someOf(data.services.map((s) => `${s.name}${s.reason === '' ? '' : ` (${s.reason})`}`), NAMES_SHOWN)} ${
          data.services.length === 1 ? 'is' : 'are'
        } not available, so what they hold of it cannot be deleted.`,
      remedy: () => 'Bring the API server behind it back first; delete the APIService only if its product is gone for good.',
      commands: (data) => data.services.slice(0, NAMES_SHOWN).map((s) => ({ argv: ['kubectl', 'describe', 'apiservice', s.name], why: 'see why it is not available' })),
    },
  },
};
