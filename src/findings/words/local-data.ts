import type { CheckWords } from '../words.ts';

const listed = (names: readonly string[]): string => names.join(', ');

export const localData: CheckWords<'local-data'> = {
  id: 'local-data',
  looksAt: 'emptyDir, hostPath, local volumes',
  codes: {
    'member-data-lost': {
      severity: 'warning',
      means: "A StatefulSet's pod writes to an emptyDir on disk (other than a folder for temporary files, or a sidecar's): the replacement starts without what is there.",
      message: (data, target) =>
        `${target.name} of statefulset ${data.set.name} keeps data in emptyDir ${listed(data.volumes.map((v) => (v.path === null ? v.name : `${v.name} (${v.path})`)))}: it is lost with the pod, and the replacement starts without it.`,
      remedy: (_data, target) => `Copy what has to stay, or make sure that ${target.name} can build it again.`,
      commands: (data, target) =>
        data.volumes.flatMap((v) =>
          v.path === null || v.container === null
            ? []
            : [{ argv: ['kubectl', 'cp', ...(target.namespace === null ? [] : ['-n', target.namespace]), '-c', v.container, `${target.name}:${v.path}`, `./${target.name}-${v.name}`], why: `keep a copy of ${v.name}` }],
        ),
    },
    'local-data-lost': {
      severity: 'note',
      means: 'An emptyDir of the pod, on disk or in memory, goes with it.',
      message: (data) => `What is in emptyDir ${listed(data.volumes.map((v) => (v.medium === 'memory' ? `${v.name} (memory)` : v.name)))} goes with the pod.`,
      remedy: () => 'Copy what you need from it first.',
    },
    'host-path-stays': {
      severity: 'note',
      means: 'The pod has folders of its node that it can write to: they stay there, and a replacement on another node does not see them.',
      message: (data) => `What is in ${listed(data.paths)} stays on node ${data.node}; a replacement on another node does not see it.`,
      remedy: () => 'Nothing to do if the replacement comes back to that node, or needs none of it.',
    },
    'volume-on-one-node': {
      severity: 'note',
      means: 'A claim was provisioned on one node, as its provisioner annotation says: the replacement can run there only. Local volumes made by hand are not recognised.',
      message: (data) => `The volume of ${listed(data.claims.map((c) => `claim ${c}`))} lies on node ${data.node}: a replacement can run there only.`,
      remedy: (data) => `Make sure that node ${data.node} has room for it.`,
    },
  },
};
