/**
 * Fail-closed webhooks without a backend that stand before what a Terminating object still needs: the update that takes a finalizer off, and
 * the kubelet's own requests for a pod that has ended. Nobody else is told of them: the refusals go to controllers and kubelets.
 */
import { endpointSliceKind, mutatingWebhooksKind, namespaceKind, serviceKind, validatingWebhooksKind } from '../discovery/built-in.ts';
import { allContainersEnded, isPodKind, isTerminating } from '../model/pod.ts';
import type { Ref, ResourceKind } from '../model/ref.ts';
import { selects } from '../model/selector.ts';
import type { Target } from '../model/target.ts';
import type { EndpointSlice, WebhookConfiguration } from '../model/wire.ts';
import type { Fact, View } from './fact.ts';
import { unreadOf } from './want.ts';
import type { Looked, Seen, Want } from './want.ts';

export interface BlockingWebhook {
  readonly ref: Ref;
  /** The webhook in the configuration. */
  readonly name: string;
  readonly service: Ref;
  readonly why: 'no-service' | 'no-endpoints';
  readonly stops: 'finalizer' | 'status' | 'delete';
}

export interface BlockingWebhooksView extends View {
  readonly webhooks: readonly BlockingWebhook[];
}

interface Request {
  readonly operation: 'UPDATE' | 'DELETE';
  /** With its subresource: `pods/status`. */
  readonly resource: string;
  readonly stops: BlockingWebhook['stops'];
}

const needed = ({ ref, object }: Target): readonly Request[] => {
  if (!isTerminating(object)) return [];
  const held = (object.metadata.finalizers ?? []).length > 0;
  const finalizer: readonly Request[] = held ? [{ operation: 'UPDATE', resource: ref.resource, stops: 'finalizer' }] : [];
  if (!isPodKind(ref)) return finalizer;
  const ended = allContainersEnded(object);
  return [...finalizer, ...(ended && !held ? [{ operation: 'DELETE', resource: 'pods', stops: 'delete' } as const] : []), { operation: 'UPDATE', resource: 'pods/status', stops: 'status' }];
};

interface Rule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly operations?: readonly string[];
  readonly scope?: string;
}

/** `*` is every resource, `*` before or after the slash its part (admissionregistration/v1 Rule). */
const namesResource = (pattern: string, resource: string): boolean => {
  const [main = '', sub = ''] = resource.split('/');
  const [patternMain = '', patternSub = ''] = pattern.split('/');
  if (pattern === '*/*') return true;
  return (patternMain === '*' || patternMain === main) && (patternSub === sub || (patternSub === '*' && pattern.includes('/')));
};

const matches = (rule: Rule, request: Request, { ref }: Target): boolean =>
  (rule.apiGroups ?? []).some((g) => g === '*' || g === ref.group) &&
  (rule.operations ?? []).some((o) => o === '*' || o === request.operation) &&
  (rule.resources ?? []).some((r) => namesResource(r, request.resource)) &&
  (rule.scope === undefined || rule.scope === '*' || (rule.scope === 'Namespaced') === (ref.namespace !== null));

const kinds = [validatingWebhooksKind, mutatingWebhooksKind] as const;
const lists = kinds.map((kind): Want => ({ type: 'list', kind, namespace: null, labelSelector: '', metadataOnly: false }));

interface Candidate {
  readonly ref: Ref;
  readonly name: string;
  readonly stops: BlockingWebhook['stops'];
  readonly namespace: string;
  readonly service: string;
}

/** Fail closed, backed by a Service, and surely asked: conditions in CEL are not worked out here, so such a webhook is left out. */
const candidates = (target: Target, seen: Seen): readonly Candidate[] =>
  kinds.flatMap((kind) => {
    const listed = seen.list(kind, null, '');
    if (listed.state !== 'found') return [];
    return (listed.value as readonly WebhookConfiguration[]).flatMap((configuration) =>
      (configuration.webhooks ?? []).flatMap((webhook): readonly Candidate[] => {
        const { service } = webhook.clientConfig;
        if (service === undefined || (webhook.failurePolicy ?? 'Fail') !== 'Fail' || (webhook.matchConditions ?? []).length > 0) return [];
        const request = needed(target).find((r) => (webhook.rules ?? []).some((rule) => matches(rule, r, target)));
        if (request === undefined || !isSelected(webhook, target, seen)) return [];
        return [{ ref: refOf(kind, configuration.metadata.name, configuration.metadata.uid, null), name: webhook.name, stops: request.stops, namespace: service.namespace, service: service.name }];
      }),
    );
  });

type Selector = Parameters<typeof selects>[0];
const isEmpty = (selector: Selector): boolean => selector === undefined || selector === null || ((selector.matchExpressions ?? []).length === 0 && Object.keys(selector.matchLabels ?? {}).length === 0);

const isSelected = (webhook: { readonly namespaceSelector?: unknown; readonly objectSelector?: unknown }, { ref, object }: Target, seen: Seen): boolean => {
  const ofObject = webhook.objectSelector as Selector;
  if (!isEmpty(ofObject) && !selects(ofObject, object.metadata.labels)) return false;
  const ofNamespace = webhook.namespaceSelector as Selector;
  if (isEmpty(ofNamespace) || ref.namespace === null) return true;
  const namespace = seen.object(namespaceKind, null, ref.namespace);
  return namespace.state === 'found' && selects(ofNamespace, namespace.value.metadata.labels);
};

const refOf = ({ group, version, kind, resource }: ResourceKind, name: string, uid: string | null, namespace: string | null): Ref => ({ group, version, kind, resource, namespace, name, uid });

const slicesOf = (c: Candidate): string => `kubernetes.io/service-name=${c.service}`;

const backend = (c: Candidate, seen: Seen): { readonly why: BlockingWebhook['why'] | null; readonly looked: readonly Looked<unknown>[] } => {
  const service = seen.object(serviceKind, c.namespace, c.service);
  if (service.state === 'absent') return { why: 'no-service', looked: [] };
  const slices = seen.list(endpointSliceKind, c.namespace, slicesOf(c));
  if (slices.state !== 'found') return { why: null, looked: [service, slices] };
  const ready = (slices.value as readonly EndpointSlice[]).some((s) => (s.endpoints ?? []).some((e) => e.conditions?.ready !== false));
  return { why: ready ? null : 'no-endpoints', looked: [service] };
};

export const blockingWebhooks: Fact<BlockingWebhooksView> = {
  rights: [
    { group: 'admissionregistration.k8s.io', resource: 'validatingwebhookconfigurations', verbs: ['list'], scope: 'cluster' },
    { group: 'admissionregistration.k8s.io', resource: 'mutatingwebhookconfigurations', verbs: ['list'], scope: 'cluster' },
    { group: '', resource: 'namespaces', verbs: ['get'], scope: 'cluster' },
    { group: '', resource: 'services', verbs: ['get'], scope: 'namespace' },
    { group: 'discovery.k8s.io', resource: 'endpointslices', verbs: ['list'], scope: 'namespace' },
  ],
  wants: (target, _given, seen) => {
    if (needed(target).length === 0) return [];
    const namespace: readonly Want[] = target.ref.namespace === null ? [] : [{ type: 'object', kind: namespaceKind, namespace: null, name: target.ref.namespace, metadataOnly: true }];
    const backends = candidates(target, seen).flatMap((c): readonly Want[] => [
      { type: 'object', kind: serviceKind, namespace: c.namespace, name: c.service, metadataOnly: true },
      { type: 'list', kind: endpointSliceKind, namespace: c.namespace, labelSelector: slicesOf(c), metadataOnly: false },
    ]);
    return [...lists, ...namespace, ...backends];
  },
  view: (target, _given, seen) => {
    if (needed(target).length === 0) return { webhooks: [], unread: [] };
    const looked: Looked<unknown>[] = kinds.map((kind) => seen.list(kind, null, ''));
    const webhooks = candidates(target, seen).flatMap((c): readonly BlockingWebhook[] => {
      const { why, looked: read } = backend(c, seen);
      looked.push(...read);
      return why === null ? [] : [{ ref: c.ref, name: c.name, service: refOf(serviceKind, c.service, null, c.namespace), why, stops: c.stops }];
    });
    return { webhooks, unread: unreadOf(looked) };
  },
};
