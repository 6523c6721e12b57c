import type { Problem } from '../../../src/cluster/port.ts';
import { healthyNode, pod } from '../../model/objects.ts';
import { webPod, webWorkload } from '../../model/workloads.ts';
import type { Code } from '../../../src/findings/finding.ts';
import type { Case, CheckCases } from '../case.ts';

const forbiddenBy = (message: string): Problem => ({ kind: 'status', httpStatus: 403, reason: 'Forbidden', message, details: null, retryAfterSeconds: null });
const lone = (metadata: object) => pod('lone', { metadata: { ...metadata } });
const annotated = (annotations: Readonly<Record<string, string>>) => lone({ annotations });
const labelled = (labels: Readonly<Record<string, string>>) => lone({ labels });
const bare = (says: string, of: ReturnType<typeof lone>, ...codes: readonly Code[]): Case => ({ says, pod: of, objects: healthyNode(), codes: ['bare-pod', ...codes] });
const ofWeb = (says: string, metadata: object, ...codes: readonly Code[]): Case => ({ says, pod: webPod('web-a', { metadata: { ...metadata } }), objects: webWorkload, codes: ['recreated', ...codes] });
const kruise = labelled({ 'policy.kruise.io/delete-protection': 'Always' });

export const cases: CheckCases = {
  check: 'protection-markers',
  found: [
    { ...ofWeb('our own marker blocks with its reason, on any pod', { annotations: { 'kubectl-safe-delete/protect': 'holds the only copy of the ledger' } }, 'protected-by-reason'), data: { reason: 'holds the only copy of the ledger' } },
    bare('our own marker without a reason', annotated({ 'kubectl-safe-delete/protect': '' }), 'protected-by-reason'),
    bare('our own marker as a label', labelled({ 'kubectl-safe-delete/protect': 'ledger' }), 'protected-by-reason'),
    { ...ofWeb('our own marker protects a finished pod too', { annotations: { 'kubectl-safe-delete/protect': 'evidence' } }), pod: webPod('web-a', { metadata: { annotations: { 'kubectl-safe-delete/protect': 'evidence' } }, status: { phase: 'Failed', conditions: [] } }), codes: ['finished-pod', 'protected-by-reason'] },
    { ...bare("OpenKruise's label", kruise, 'delete-protection'), data: { by: 'OpenKruise', key: 'policy.kruise.io/delete-protection', value: 'Always' } },
    bare("Karmada's label", labelled({ 'resourcetemplate.karmada.io/deletion-protected': 'Always' }), 'delete-protection'),
    bare("Crossplane's label", labelled({ 'crossplane.io/in-use': 'true' }), 'delete-protection'),
    bare("Helm's keep", annotated({ 'helm.sh/resource-policy': 'keep' }), 'keep'),
    bare("kapp's orphan", annotated({ 'kapp.k14s.io/delete-strategy': 'orphan' }), 'keep'),
    bare('the detach of cli-utils', annotated({ 'client.lifecycle.config.k8s.io/deletion': 'detach' }), 'keep'),
    bare("Tilt's keep", annotated({ 'tilt.dev/down-policy': 'keep' }), 'keep'),
    { ...bare("Argo CD's Delete=false among other options", annotated({ 'argocd.argoproj.io/sync-options': 'Prune=false, Delete=false,Replace=true' }), 'keep'), data: { value: 'Delete=false' } },
    bare("Argo CD's Delete=confirm", annotated({ 'argocd.argoproj.io/sync-options': 'Delete=confirm' }), 'confirmation-asked'),
    bare("Argo CD's Prune=confirm", annotated({ 'argocd.argoproj.io/sync-options': 'Prune=confirm' }), 'confirmation-asked'),
    bare("Argo CD's Prune=false is a warning", annotated({ 'argocd.argoproj.io/sync-options': 'Prune=false' }), 'not-to-be-pruned'),
    bare("Flux's prune as an annotation", annotated({ 'kustomize.toolkit.fluxcd.io/prune': 'disabled' }), 'not-to-be-pruned'),
    bare("Flux's prune as a label, with a capital letter", labelled({ 'kustomize.toolkit.fluxcd.io/prune': 'Disabled' }), 'not-to-be-pruned'),
    ofWeb("the autoscaler's marker is a note", { annotations: { 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false' } }, 'not-to-be-disrupted'),
    ofWeb("Karpenter's marker is a note", { annotations: { 'karpenter.sh/do-not-disrupt': 'true' } }, 'not-to-be-disrupted'),
    ofWeb("the descheduler's marker counts whatever its value", { annotations: { 'descheduler.alpha.kubernetes.io/prefer-no-eviction': '' } }, 'not-to-be-disrupted'),
  ],
  clear: [
    ofWeb('labels of Argo CD, Flux and Helm on an ordinary pod ask for nothing', {
      labels: { app: 'web', 'app.kubernetes.io/managed-by': 'Helm', 'app.kubernetes.io/instance': 'shop', 'helm.sh/chart': 'web-1.2.3', 'argocd.argoproj.io/instance': 'shop', 'kustomize.toolkit.fluxcd.io/name': 'apps' },
      annotations: { 'meta.helm.sh/release-name': 'shop', 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:shop/web', 'argocd.argoproj.io/sync-wave': '3' },
    }),
    ofWeb('what a pod inherits from its template is not about the pod', {
      annotations: { 'helm.sh/resource-policy': 'keep', 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false', 'kustomize.toolkit.fluxcd.io/prune': 'disabled', 'cli-utils.sigs.k8s.io/on-remove': 'keep' },
    }),
    ofWeb('the opposite value asks for nothing', { annotations: { 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'true', 'karpenter.sh/do-not-disrupt': 'false' } }),
    bare('other options of Argo CD', annotated({ 'argocd.argoproj.io/sync-options': 'Replace=true,ServerSideApply=true' })),
    bare("Flux's prune enabled", annotated({ 'kustomize.toolkit.fluxcd.io/prune': 'enabled' })),
    bare('our own marker taken back', annotated({ 'kubectl-safe-delete/protect': 'false' })),
    bare('what OpenKruise protects by its replicas has none', labelled({ 'policy.kruise.io/delete-protection': 'Cascading' })),
    { ...bare('a protection that the server itself refuses is said once', kruise, 'denied'), dryRun: forbiddenBy('admission webhook "vpod.kb.io" denied the request: forbidden by ResourcesProtectionDeletion for policy.kruise.io/delete-protection=Always') },
    { ...ofWeb('nothing disrupts a finished pod', {}), pod: webPod('web-a', { metadata: { annotations: { 'karpenter.sh/do-not-disrupt': 'true' } }, status: { phase: 'Succeeded', conditions: [] } }), codes: ['finished-pod'] },
  ],
  unknown: [
    { ...bare('the markers are known although the dry run has no answer', kruise, 'delete-protection'), troubles: [{ verb: 'delete', resource: 'pods', how: 'server-error' }], unknown: ['admission'] },
  ],
};
