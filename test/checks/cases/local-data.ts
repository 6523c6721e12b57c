import { pod, running } from '../../model/objects.ts';
import type { Parts } from '../../model/objects.ts';
import { claim, member, mounts, statefulSet, webPod, webWorkload } from '../../model/workloads.ts';
import type { KubeObject, Pod } from '../../../src/model/wire.ts';
import { healthyNode } from '../../model/objects.ts';
import type { CheckCases } from '../case.ts';

const at = (name: string, mountPath: string, more: object = {}) => ({ name, mountPath, ...more });
const spec = (volumes: readonly object[], volumeMounts: readonly object[] = [], more: object = {}) => ({ volumes, containers: [{ name: 'app', image: 'app', volumeMounts }], ...more });
const disk = (name: string) => ({ name, emptyDir: {} });
const memory = (name: string) => ({ name, emptyDir: { medium: 'Memory' } });
const host = (path: string) => ({ name: 'host', hostPath: { path } });

/** Member db-0 of a set of three, all others ready. */
const set = (parts: Parts): { readonly pod: Pod; readonly objects: readonly KubeObject[] } => ({
  pod: member(0, parts),
  objects: [statefulSet(), member(1), member(2), ...healthyNode()],
});
const ofKruise = pod('db-0', {
  metadata: { ownerReferences: [{ apiVersion: 'apps.kruise.io/v1beta1', kind: 'StatefulSet', name: 'db', uid: 'uid-db', controller: true }] },
  spec: spec([disk('scratch')], [at('scratch', '/data')]),
});
const kruise = { group: 'apps.kruise.io', version: 'v1beta1', kind: 'StatefulSet', resource: 'statefulsets' };
const kruiseSet: KubeObject = { apiVersion: 'apps.kruise.io/v1beta1', kind: 'StatefulSet', metadata: { name: 'db', uid: 'uid-db', namespace: 'shop' } };

export const cases: CheckCases = {
  check: 'local-data',
  found: [
    {
      says: "a disk emptyDir of a StatefulSet's pod is a warning",
      ...set({ spec: spec([disk('scratch')], [at('scratch', '/data')]) }),
      codes: ['recreated', 'margin-left', 'member-data-lost'],
      data: { volumes: [{ name: 'scratch', container: 'app', path: '/data' }] },
    },
    { says: 'one that no container mounts counts all the same', ...set({ spec: spec([disk('scratch')]) }), codes: ['recreated', 'margin-left', 'member-data-lost'] },
    { says: "OpenKruise's StatefulSet gives its pods an identity too", pod: ofKruise, objects: [kruiseSet, ...healthyNode()], kinds: [kruise], codes: ['owned-by-unknown-kind', 'member-data-lost'] },
    {
      says: 'next to a folder for temporary files only the other one is a warning',
      ...set({ spec: spec([disk('tmp'), disk('queue')], [at('tmp', '/tmp'), at('queue', '/var/spool')]) }),
      codes: ['recreated', 'margin-left', 'member-data-lost', 'local-data-lost'],
      data: { volumes: [{ name: 'queue', container: 'app', path: '/var/spool' }] },
    },
    {
      says: "a memory emptyDir of a StatefulSet's pod is a note",
      ...set({ spec: spec([memory('cache')], [at('cache', '/cache')]) }),
      codes: ['recreated', 'margin-left', 'local-data-lost'],
      data: { volumes: [{ name: 'cache', medium: 'memory' }] },
    },
    { says: "an emptyDir of a Deployment's pod is a note", pod: webPod('web-a', { spec: spec([disk('cache')], [at('cache', '/cache')]) }), objects: webWorkload, codes: ['recreated', 'local-data-lost'], data: { volumes: [{ name: 'cache', medium: 'disk' }] } },
    { says: 'a hostPath that the pod can write to is a note', pod: webPod('web-a', { spec: spec([host('/var/lib/app')], [at('host', '/data')]) }), objects: webWorkload, codes: ['recreated', 'host-path-stays'], data: { node: 'node-1', paths: ['/var/lib/app'] } },
    {
      says: 'a claim that a local provisioner made is a note',
      pod: webPod('web-a', { spec: mounts('data') }),
      objects: [claim('data', { metadata: { annotations: { 'volume.kubernetes.io/storage-provisioner': 'rancher.io/local-path' } } }), ...webWorkload],
      codes: ['recreated', 'claims-stay', 'volume-on-one-node'],
      data: { claims: ['data'] },
    },
  ],
  clear: [
    { says: "the emptyDir of a StatefulSet's temporary files is a note only", ...set({ spec: spec([disk('tmp')], [at('tmp', '/tmp'), at('tmp', '/var/run/app')]) }), codes: ['recreated', 'margin-left', 'local-data-lost'] },
    {
      says: "a sidecar's emptyDir in a StatefulSet's pod is a note only",
      ...set({
        spec: {
          volumes: [disk('istio-data'), disk('logs')],
          initContainers: [{ name: 'shipper', image: 'x', restartPolicy: 'Always', volumeMounts: [at('logs', '/logs')] }],
          containers: [{ name: 'app', image: 'app' }, { name: 'istio-proxy', image: 'x', volumeMounts: [at('istio-data', '/var/lib/istio/data')] }],
        },
      }),
      codes: ['recreated', 'margin-left', 'local-data-lost'],
    },
    {
      says: 'what an init container makes anew and the application only reads is a note only',
      ...set({ spec: spec([disk('config')], [at('config', '/etc/app', { readOnly: true })], { initContainers: [{ name: 'render', image: 'x', volumeMounts: [at('config', '/out')] }] }) }),
      codes: ['recreated', 'margin-left', 'local-data-lost'],
    },
    { says: 'a pod without such volumes', pod: webPod('web-a', { spec: spec([{ name: 'c', configMap: { name: 'c' } }]) }), objects: webWorkload, codes: ['recreated'] },
    { says: 'a hostPath that is only read', pod: webPod('web-a', { spec: spec([host('/lib/modules')], [at('host', '/lib/modules', { readOnly: true })]) }), objects: webWorkload, codes: ['recreated'] },
    { says: 'a finished pod has no local data any more', pod: webPod('web-a', { spec: spec([disk('cache')], [at('cache', '/cache')]), status: { phase: 'Failed', conditions: [] } }), objects: webWorkload, codes: ['finished-pod'] },
    {
      says: 'a pod whose containers have never started has none yet',
      ...set({ spec: spec([disk('scratch')], [at('scratch', '/data')]), status: { phase: 'Pending', conditions: [], containerStatuses: [{ ...running('app'), ready: false, state: { waiting: { reason: 'ImagePullBackOff' } } }] } }),
      codes: ['recreated'],
    },
    { says: 'a claim of network storage', pod: webPod('web-a', { spec: mounts('data') }), objects: [claim('data', { metadata: { annotations: { 'volume.kubernetes.io/storage-provisioner': 'ebs.csi.aws.com' } } }), ...webWorkload], codes: ['recreated', 'claims-stay'] },
  ],
  unknown: [
    {
      says: 'a claim that may not be read leaves the emptyDir a warning, and local-data known',
      ...set({ spec: { ...spec([disk('scratch'), { name: 'data', persistentVolumeClaim: { claimName: 'data' } }], [at('scratch', '/data')]) } }),
      troubles: [{ verb: 'get', resource: 'persistentvolumeclaims', how: 'forbidden' }],
      codes: ['recreated', 'margin-left', 'member-data-lost'],
      unknown: ['persistent-volume-claims'],
    },
  ],
};
