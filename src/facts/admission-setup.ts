/** What a webhook configuration or an admission policy really does that is a target itself: is anybody there to answer, is it bound? */
import { endpointSliceKind } from '../discovery/built-in.ts';
import type { Target } from '../model/target.ts';
import { asRecord, asText } from '../model/unstructured.ts';
import type { KubeObject, Unstructured, WebhookConfiguration } from '../model/wire.ts';
import type { Fact, Given, View } from './fact.ts';
import { goingUids } from './going.ts';
import { readyEndpoints } from './services.ts';
import { unreadOf } from './want.ts';
import type { KindPath, Looked, Seen, Want } from './want.ts';

export interface WebhookView {
  readonly name: string;
  readonly failsClosed: boolean;
  /** `pods`, `deployments.apps`. */
  readonly resources: readonly string[];
  /** A ready endpoint is behind its Service, or it has a URL. */
  readonly answers: boolean;
}

export interface AdmissionSetupView extends View {
  readonly webhooks: readonly WebhookView[];
  /** Of a policy the bindings that stay, of a binding the policy where it is there. */
  readonly partners: readonly string[];
}

const GROUP = 'admissionregistration.k8s.io';
type Webhook = NonNullable<WebhookConfiguration['webhooks']>[number];

const resourcesOf = (webhook: Webhook): readonly string[] =>
  [...new Set((webhook.rules ?? []).flatMap((r) => (r.resources ?? []).flatMap((resource) => (r.apiGroups ?? ['']).map((group) => (group === '' ? resource : `${resource}.${group}`)))))];

type Backend = NonNullable<Webhook['clientConfig']['service']>;

const slicesOf = ({ namespace, name }: Backend): Extract<Want, { type: 'list' }> => ({ type: 'list', kind: endpointSliceKind, namespace, labelSelector: `kubernetes.io/service-name=${name}`, metadataOnly: false });

const slices = (backend: Backend, seen: Seen): Looked<readonly KubeObject[]> => seen.list(endpointSliceKind, backend.namespace, slicesOf(backend).labelSelector);

const isWebhooks = ({ ref }: Target): boolean => ref.group === GROUP && ref.kind.endsWith('WebhookConfiguration');
const webhooksOf = (target: Target): readonly Webhook[] => (isWebhooks(target) ? ((target.object as WebhookConfiguration).webhooks ?? []) : []);
const backendsOf = (target: Target): readonly Backend[] => webhooksOf(target).flatMap((w) => w.clientConfig.service ?? []);

/** Whom a webhook asks that could not be looked for counts as there: the worse case. */
const answers = (webhook: Webhook, seen: Seen): boolean => {
  const backend = webhook.clientConfig.service;
  if (backend === undefined) return true;
  const listed = slices(backend, seen);
  return listed.state !== 'found' || readyEndpoints(listed.value, backend.name).size > 0;
};

/** The resources of policies and their bindings, validating and mutating alike. */
const POLICY = /^(?<of>Validating|Mutating)AdmissionPolicy(?<binding>Binding)?$/u;

type Partner = { readonly type: 'bindings' | 'policy'; readonly kind: KindPath; readonly name: string };

const partnerOf = ({ ref, object }: Target): Partner | null => {
  const found = ref.group === GROUP ? POLICY.exec(ref.kind)?.groups : undefined;
  if (found === undefined) return null;
  const path = (plural: string): KindPath => ({ group: GROUP, version: ref.version, resource: `${found['of']?.toLowerCase() ?? ''}admission${plural}` });
  if (found['binding'] === undefined) return { type: 'bindings', kind: path('policybindings'), name: ref.name };
  return { type: 'policy', kind: path('policies'), name: asText(asRecord((object as Unstructured).spec)['policyName']) ?? '' };
};

const partnerWant = ({ type, kind, name }: Partner): Want =>
  type === 'bindings' ? { type: 'list', kind, namespace: null, labelSelector: '', metadataOnly: false } : { type: 'object', kind, namespace: null, name, metadataOnly: true };

const partners = (target: Target, given: Given, seen: Seen): { readonly names: readonly string[]; readonly looked: readonly Looked<unknown>[] } => {
  const partner = partnerOf(target);
  if (partner === null) return { names: [], looked: [] };
  if (partner.type === 'policy') {
    const policy = seen.object(partner.kind, null, partner.name);
    return { names: policy.state === 'found' ? [partner.name] : [], looked: [policy] };
  }
  const bindings = seen.list(partner.kind, null, '');
  const bound = (bindings.state === 'found' ? bindings.value : []).filter((b) => asText(asRecord((b as Unstructured).spec)['policyName']) === partner.name && !goingUids(given).has(b.metadata.uid));
  return { names: bound.map((b) => b.metadata.name), looked: [bindings] };
};

export const admissionSetup: Fact<AdmissionSetupView> = {
  rights: [
    { group: 'discovery.k8s.io', resource: 'endpointslices', verbs: ['list'], scope: 'namespace' },
    { group: GROUP, resource: 'validatingadmissionpolicies', verbs: ['get', 'list'], scope: 'cluster' },
    { group: GROUP, resource: 'validatingadmissionpolicybindings', verbs: ['list'], scope: 'cluster' },
    { group: GROUP, resource: 'mutatingadmissionpolicies', verbs: ['get', 'list'], scope: 'cluster' },
    { group: GROUP, resource: 'mutatingadmissionpolicybindings', verbs: ['list'], scope: 'cluster' },
  ],
  wants: (target) => {
    const partner = partnerOf(target);
    return [...backendsOf(target).map(slicesOf), ...(partner === null ? [] : [partnerWant(partner)])];
  },
  view: (target, given, seen) => {
    const webhooks = webhooksOf(target).map((w): WebhookView => ({ name: w.name, failsClosed: (w.failurePolicy ?? 'Fail') === 'Fail', resources: resourcesOf(w), answers: answers(w, seen) }));
    const found = partners(target, given, seen);
    return { webhooks, partners: found.names, unread: unreadOf([...backendsOf(target).map((b) => slices(b, seen)), ...found.looked]) };
  },
};
