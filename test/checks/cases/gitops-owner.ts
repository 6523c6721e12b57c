import type { KubeObject, Pod } from '../../../src/model/wire.ts';
import { healthyNode, marked, object, pod } from '../../model/objects.ts';
import type { Parts } from '../../model/objects.ts';
import { webPod, webWorkload } from '../../model/workloads.ts';
import type { CheckCases } from '../case.ts';

const TRACKING = 'argocd.argoproj.io/tracking-id';
const argoKind = { group: 'argoproj.io', version: 'v1alpha1', kind: 'Application', resource: 'applications' };
const kustomizationKind = { group: 'kustomize.toolkit.fluxcd.io', version: 'v1', kind: 'Kustomization', resource: 'kustomizations' };
const releaseKind = { group: 'helm.toolkit.fluxcd.io', version: 'v2', kind: 'HelmRelease', resource: 'helmreleases' };

const custom = (apiVersion: string, kind: string, namespace: string, name: string, spec: object, more: Parts = {}): KubeObject =>
  object(apiVersion, kind, name, { ...more, metadata: { namespace, ...more.metadata }, spec: { ...spec } });
const app = (syncPolicy: object, namespace = 'argocd', more: Parts = {}) => custom('argoproj.io/v1alpha1', 'Application', namespace, 'shop', { syncPolicy }, more);
const selfHeal = { automated: { selfHeal: true } };
const kustomization = (spec: object = {}) => custom('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', 'flux-system', 'apps', { interval: '10m', ...spec });
const release = (spec: object = {}) => custom('helm.toolkit.fluxcd.io/v2', 'HelmRelease', 'shop', 'web', { interval: '30m', ...spec });

const lone = (annotations: object, labels: object = {}): Pod => pod('lone', { metadata: { annotations, labels } });
const tracked = (by = 'shop') => lone({ [TRACKING]: `${by}:/Pod:shop/lone` });
const ofFlux = lone({}, { 'kustomize.toolkit.fluxcd.io/name': 'apps', 'kustomize.toolkit.fluxcd.io/namespace': 'flux-system' });
const ofRelease = lone({ 'meta.helm.sh/release-name': 'web', 'meta.helm.sh/release-namespace': 'shop' }, { 'helm.toolkit.fluxcd.io/name': 'web', 'helm.toolkit.fluxcd.io/namespace': 'shop' });
const ofHelm = (more: object = {}) => pod('lone', { metadata: { annotations: { 'meta.helm.sh/release-name': 'shop', 'meta.helm.sh/release-namespace': 'shop' }, labels: { 'app.kubernetes.io/managed-by': 'Helm', 'app.kubernetes.io/instance': 'shop' } }, ...more });
const instance = lone({}, { 'app.kubernetes.io/instance': 'shop' });
const managed = { status: { resources: [{ group: '', kind: 'Pod', namespace: 'shop', name: 'lone' }] } };
const node = healthyNode();
const kinds = [argoKind, kustomizationKind, releaseKind];

export const cases: CheckCases = {
  check: 'gitops-owner',
  found: [
    { says: 'what kapp has deployed stays away until the next deployment', pod: lone({ 'kapp.k14s.io/identity': 'v1;shop//Pod/lone;v1' }, { 'kapp.k14s.io/app': '1700000000' }), objects: node, codes: ['bare-pod', 'kapp-app'], data: { app: '1700000000' } },
    { says: 'Argo CD with selfHeal puts a bare pod back, so nothing says that nobody does', pod: tracked(), objects: [app(selfHeal), ...node], kinds, codes: ['argo-cd-puts-back'] },
    { says: 'Argo CD without selfHeal is a note', pod: tracked(), objects: [app({ automated: {} }), ...node], kinds, codes: ['bare-pod', 'argo-cd-does-not-put-back'], data: { automated: true } },
    { says: 'Argo CD that is synced by hand is a note', pod: tracked(), objects: [app({}), ...node], kinds, codes: ['bare-pod', 'argo-cd-does-not-put-back'], data: { automated: false } },
    { says: 'automation that is switched off puts nothing back', pod: tracked(), objects: [app({ automated: { selfHeal: true, enabled: false } }), ...node], kinds, codes: ['bare-pod', 'argo-cd-does-not-put-back'] },
    { says: 'an Application of another namespace is named with it', pod: tracked('team_shop'), objects: [app(selfHeal, 'team'), ...node], kinds, codes: ['argo-cd-puts-back'] },
    { says: 'an Argo CD in another namespace than usual is found', pod: tracked(), objects: [app(selfHeal, 'openshift-gitops'), ...node], kinds, codes: ['argo-cd-puts-back'] },
    { says: 'the instance label of Argo CD counts', pod: lone({}, { 'argocd.argoproj.io/instance': 'shop' }), objects: [app(selfHeal), ...node], kinds, codes: ['argo-cd-puts-back'] },
    { says: 'the common instance label counts where the Application itself lists the pod', pod: instance, objects: [app(selfHeal, 'argocd', managed), ...node], kinds, codes: ['argo-cd-puts-back'] },
    { says: 'a finished pod of Argo CD comes back and runs again', pod: pod('lone', { metadata: { annotations: { [TRACKING]: 'shop:/Pod:shop/lone' } }, status: { phase: 'Succeeded', conditions: [] } }), objects: [app(selfHeal), ...node], kinds, codes: ['finished-pod', 'argo-cd-puts-back'] },
    { says: 'a Flux Kustomization puts it back', pod: ofFlux, objects: [kustomization(), ...node], kinds, codes: ['flux-puts-back'], data: { interval: '10m' } },
    { says: 'a Flux HelmRelease with drift detection puts it back', pod: ofRelease, objects: [release({ driftDetection: { mode: 'enabled' } }), ...node], kinds, codes: ['flux-helm-release'], data: { corrects: true } },
    { says: 'a Flux HelmRelease without it does not, and Helm is not named beside it', pod: ofRelease, objects: [release(), ...node], kinds, codes: ['bare-pod', 'flux-helm-release'], data: { corrects: false } },
    { says: 'a Helm release misses its pod', pod: ofHelm(), objects: node, kinds, codes: ['bare-pod', 'helm-release'], data: { release: 'shop', namespace: 'shop' } },
  ],
  clear: [
    { says: "kapp's identity of another object was copied", pod: lone({ 'kapp.k14s.io/identity': 'v1;shop//Pod/other;v1' }, { 'kapp.k14s.io/app': '1700000000' }), objects: node, codes: ['bare-pod'] },
    {
      says: 'a controller owns it: the marks came with the template',
      pod: webPod('web-a', { metadata: { annotations: { 'meta.helm.sh/release-name': 'shop', [TRACKING]: 'shop:apps/Deployment:shop/web' }, labels: { app: 'web', 'argocd.argoproj.io/instance': 'shop' } } }),
      objects: [app(selfHeal), ...webWorkload],
      kinds,
      codes: ['recreated'],
    },
    { says: 'a tracking id that was copied from another object', pod: lone({ [TRACKING]: 'shop:apps/Deployment:shop/web' }), objects: [app(selfHeal), ...node], kinds, codes: ['bare-pod'] },
    { says: 'a hook of a sync is not missed', pod: lone({ [TRACKING]: 'shop:/Pod:shop/lone', 'argocd.argoproj.io/hook': 'PreSync' }), objects: [app(selfHeal), ...node], kinds, codes: ['bare-pod'] },
    { says: 'an Application that is being deleted puts nothing back', pod: tracked(), objects: [app(selfHeal, 'argocd', { metadata: marked(0, 10) }), ...node], kinds, codes: ['bare-pod'] },
    { says: 'the common instance label alone is no sign of Argo CD', pod: instance, objects: [app(selfHeal), ...node], kinds, codes: ['bare-pod'] },
    { says: 'nor where no Argo CD is installed', pod: instance, objects: node, codes: ['bare-pod'] },
    { says: 'nor where Applications may not be read', pod: instance, objects: [app(selfHeal), ...node], kinds, troubles: [{ verb: 'get', resource: 'applications', how: 'forbidden' }], codes: ['bare-pod'] },
    { says: 'a Flux Kustomization that is suspended puts nothing back', pod: ofFlux, objects: [kustomization({ suspend: true }), ...node], kinds, codes: ['bare-pod'] },
    { says: "Helm's label without its annotations is only a label", pod: lone({}, { 'app.kubernetes.io/managed-by': 'Helm', 'helm.sh/chart': 'web-1.0' }), objects: node, codes: ['bare-pod'] },
    { says: 'a finished pod of a Helm release', pod: ofHelm({ status: { phase: 'Succeeded', conditions: [] } }), objects: node, codes: ['finished-pod'] },
  ],
  unknown: [
    { says: 'an Application that may not be read is unknown', pod: tracked(), objects: [app(selfHeal), ...node], kinds, troubles: [{ verb: 'get', resource: 'applications', how: 'forbidden' }], codes: ['bare-pod'], unknown: ['gitops-owner'] },
    { says: 'an Argo CD in another cluster cannot be asked', pod: tracked(), objects: node, codes: ['bare-pod'], unknown: ['gitops-owner'] },
    { says: 'an Application that is nowhere here may be elsewhere', pod: tracked(), objects: node, kinds, codes: ['bare-pod'], unknown: ['gitops-owner'] },
    { says: 'a Kustomization that may not be read is unknown', pod: ofFlux, objects: [kustomization(), ...node], kinds, troubles: [{ verb: 'get', resource: 'kustomizations', how: 'forbidden' }], codes: ['bare-pod'], unknown: ['gitops-owner'] },
    { says: 'groups that may not be read are unknown', pod: ofFlux, objects: [kustomization(), ...node], kinds, troubles: [{ verb: 'raw', resource: '/apis', how: 'server-error' }], codes: ['bare-pod'], unknown: ['gitops-owner'] },
  ],
};
