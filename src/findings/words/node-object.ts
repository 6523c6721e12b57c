import type { OnNode } from '../codes/node-object.ts';
import type { Command } from '../finding.ts';
import type { CheckWords } from '../words.ts';

const SHOWN = 3;
const some = (names: readonly string[], all: number): string => `${names.slice(0, SHOWN).join(', ')}${all > SHOWN ? ', …' : ''}`;

const emptied = (node: string): readonly Command[] => [
  { argv: ['kubectl', 'drain', node, '--ignore-daemonsets'], why: 'cordon it and move its pods with their disruption budgets respected' },
  { argv: ['kubectl', 'safe-delete', 'pods', '-A', '--field-selector', `spec.nodeName=${node}`, '--evict'], why: 'or evict its pods with every check made, after kubectl cordon' },
];

const pods = (data: OnNode): string => {
  const one = data.pods === 1;
  const more = [...(data.bare > 0 ? [`${data.bare} of them not recreated`] : []), ...(data.withLocalData > 0 ? [`${data.withLocalData} with data on its disk`] : [])];
  return `${one ? '1 pod' : `${data.pods} pods`} (${some(data.names, data.pods)}${more.length === 0 ? '' : `; ${more.join(', ')}`})`;
};

const since = (data: { readonly since: string | null }): string => (data.since === null ? '' : ` since ${data.since}`);

export const nodeObject: CheckWords<'node-object'> = {
  id: 'node-object',
  looksAt: 'still Ready, pods and local volumes on it',
  codes: {
    'machine-goes-with-node': {
      severity: 'warning',
      irreversible: true,
      means: 'A finalizer says that the machine behind the Node is terminated with it.',
      message: (data, target) => `Finalizer ${data.finalizer}: the machine of node ${target.name} is terminated with its Node, and what is on its disks is lost.`,
      remedy: () => 'Move its pods first, and make sure that the machine may go.',
      commands: (_data, target) => emptied(target.name),
    },
    'node-still-ready': {
      severity: 'warning',
      means: 'The kubelet of the node reports that it is well: its pods are removed from the API without being stopped in order, and it does not register again before it is restarted.',
      message: (data, target) =>
        data.pods === 0
          ? `Node ${target.name} is still Ready${data.cordoned ? ', cordoned' : ''} and empty: its kubelet runs on, and registers again only when it is restarted.`
          : `Node ${target.name} is still Ready and runs ${pods(data)}: without its Node they are removed from the API, no exit code is reported, and their containers may run on.`,
      remedy: (data) => (data.pods === 0 ? 'Stop its kubelet, or the machine, first.' : 'Empty it first, then stop its kubelet or the machine.'),
      commands: (data, target) => (data.pods === 0 ? [] : emptied(target.name)),
    },
    'pods-on-dead-node': {
      severity: 'warning',
      means: 'The node does not answer and unfinished pods are bound to it: the pod garbage collector removes them without knowing whether their processes have ended.',
      message: (data, target) =>
        `Node ${target.name} is ${data.status === 'Unknown' ? 'silent' : 'NotReady'}${since(data)} and holds ${pods(data)}: they are removed within a minute and may start elsewhere, while their containers may run on if the machine does.`,
      remedy: () => 'Make sure that the machine is powered off.',
      commands: (_data, target) => [{ argv: ['kubectl', 'describe', 'node', target.name], why: 'see since when and why' }],
    },
    'local-volumes-on-node': {
      severity: 'warning',
      means: 'Volumes with claims can only be reached on this node: their pods cannot start anywhere else.',
      message: (data, target) =>
        `${data.volumes.length === 1 ? '1 volume is' : `${data.volumes.length} volumes are`} only on node ${target.name}: ${some(data.volumes.map((v) => (v.claim === null ? v.name : `${v.name} of claim ${v.claim}`)), data.volumes.length)}. What uses ${data.volumes.length === 1 ? 'it' : 'them'} stays Pending until a node of this name is back.`,
      remedy: () => 'Copy the data to other volumes first.',
    },
    'dead-and-empty': {
      severity: 'note',
      means: 'The node does not answer, and nothing is left on it.',
      message: (data, target) => `Node ${target.name} is ${data.status === 'Unknown' ? 'silent' : 'NotReady'}${since(data)}, and no pod is left on it.`,
      remedy: () => 'Nothing to do.',
    },
  },
};
