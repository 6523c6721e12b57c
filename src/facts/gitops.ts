/** Who manages an object that no controller owns: Argo CD, Flux, Helm, kapp, as their marks on it say, and whether they put it back. */
import type { Ref } from '../model/ref.ts';
import type { Target } from '../model/target.ts';
import type { KubeObject, Unstructured } from '../model/wire.ts';
import type { Fact, View } from './fact.ts';
import { unreadOf } from './want.ts';
import type { KindPath, Looked, Seen, Want } from './want.ts';

export type Manager =
  | { readonly by: 'argo-cd'; readonly app: Ref; readonly selfHeal: boolean; /** Syncs by itself when Git changes. */ readonly automated: boolean }
  | { readonly by: 'flux-kustomization'; readonly app: Ref; readonly interval: string | null }
  /** `corrects`: drift detection is on, so it is put back without a new release. */
  | { readonly by: 'flux-helm'; readonly app: Ref; readonly interval: string | null; readonly corrects: boolean }
  | { readonly by: 'helm'; readonly release: string; readonly namespace: string | null }
  /** `app`: the label that its app selects by; kapp keeps the name in a ConfigMap of its own. */
  | { readonly by: 'kapp'; readonly app: string };

export interface GitOpsView extends View {
  /** null: nobody, as far as its marks say; also one that is suspended or being deleted. */
  readonly manager: Manager | null;
}

interface Marks {
  readonly argo: { readonly name: string; readonly namespace: string | null; /** A label that others use too: only the Application can prove it. */ readonly weak: boolean } | null;
  readonly flux: { readonly kind: 'Kustomization' | 'HelmRelease'; readonly name: string; readonly namespace: string } | null;
  readonly helm: { readonly release: string; readonly namespace: string | null } | null;
  readonly kapp: { readonly app: string } | null;
}

const ARGO = { group: 'argoproj.io', version: 'v1alpha1', resource: 'applications' } as const;
/** Where Argo CD's own manifests put it; other places are found by a list. */
const ARGO_NAMESPACE = 'argocd';
const flux = {
  Kustomization: { group: 'kustomize.toolkit.fluxcd.io', resource: 'kustomizations', prefix: 'kustomize.toolkit.fluxcd.io' },
  HelmRelease: { group: 'helm.toolkit.fluxcd.io', resource: 'helmreleases', prefix: 'helm.toolkit.fluxcd.io' },
} as const;

/** Applications outside of Argo CD's own namespace are called NAMESPACE_NAME in marks (argo-cd docs, apps in any namespace). */
const argoApp = (text: string, weak: boolean): NonNullable<Marks['argo']> => {
  const cut = text.indexOf('_');
  return cut < 0 ? { name: text, namespace: null, weak } : { name: text.slice(cut + 1), namespace: text.slice(0, cut), weak };
};

const argoMark = ({ ref, object }: Target): Marks['argo'] => {
  const { annotations = {}, labels = {} } = object.metadata;
  // Hooks run once a sync; Argo CD does not miss them.
  if (annotations['argocd.argoproj.io/hook'] !== undefined || annotations['helm.sh/hook'] !== undefined) return null;
  const tracking = annotations['argocd.argoproj.io/tracking-id'];
  if (tracking !== undefined) {
    // APP:GROUP/KIND:NAMESPACE/NAME. One that names another object was copied along with other annotations: Argo CD ignores it too.
    const [app = '', kind = '', place = ''] = tracking.split(':');
    const itself = kind === `${ref.group}/${ref.kind}` && place.slice(place.indexOf('/') + 1) === ref.name && (ref.namespace === null || place.startsWith(`${ref.namespace}/`));
    return itself && app !== '' ? argoApp(app, false) : null;
  }
  const instance = labels['argocd.argoproj.io/instance'];
  if (instance !== undefined) return argoApp(instance, false);
  // The default of Argo CD before 3.0, and a label that every chart sets.
  const common = labels['app.kubernetes.io/instance'];
  return common === undefined || annotations['meta.helm.sh/release-name'] !== undefined ? null : argoApp(common, true);
};

/** kapp writes who an object is beside its app's label, so that a copy of the label alone does not count (carvel docs, kapp/state-namespace). */
const kappMark = ({ ref, object }: Target): Marks['kapp'] => {
  const app = object.metadata.labels?.['kapp.k14s.io/app'];
  const [, place = ''] = (object.metadata.annotations?.['kapp.k14s.io/identity'] ?? '').split(';');
  return app !== undefined && place === `${ref.namespace ?? ''}/${ref.group}/${ref.kind}/${ref.name}` ? { app } : null;
};

const marksOf = (target: Target): Marks => {
  const { annotations = {}, labels = {} } = target.object.metadata;
  const of = (kind: 'Kustomization' | 'HelmRelease'): Marks['flux'] => {
    const name = labels[`${flux[kind].prefix}/name`];
    const namespace = labels[`${flux[kind].prefix}/namespace`];
    return name === undefined || namespace === undefined ? null : { kind, name, namespace };
  };
  const release = annotations['meta.helm.sh/release-name'];
  return {
    argo: argoMark(target),
    flux: of('Kustomization') ?? of('HelmRelease'),
    helm: release === undefined ? null : { release, namespace: annotations['meta.helm.sh/release-namespace'] ?? null },
    kapp: kappMark(target),
  };
};

interface Found {
  readonly wants: readonly Want[];
  readonly looked: readonly Looked<unknown>[];
  readonly manager: Manager | null;
}
const nothing: Found = { wants: [], looked: [], manager: null };

const refOf = (kind: string, path: KindPath, object: KubeObject, namespace: string): Ref => ({ ...path, kind, namespace, name: object.metadata.name, uid: object.metadata.uid });

interface ApplicationSpec {
  readonly syncPolicy?: { readonly automated?: { readonly selfHeal?: boolean; readonly enabled?: boolean } | null };
}
interface Managed {
  readonly group?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** What the mark names is not here: a mark that was left behind, or an Argo CD or Flux in another cluster. Nothing here can tell. */
const notHere = (path: Pick<KindPath, 'group' | 'resource'>, kind: string, namespace: string | null, name: string): Looked<never> => ({
  state: 'unread',
  unread: { verb: 'get', group: path.group, resource: path.resource, namespace, why: `${kind} ${name} is not in this cluster; one in another cluster may manage the object`, denied: false },
});

/** The Application's own list of what it manages (status.resources). */
const lists = (application: Unstructured, { ref }: Target): boolean =>
  ((application.status as { readonly resources?: readonly Managed[] } | undefined)?.resources ?? []).some(
    (r) => (r.group ?? '') === ref.group && r.kind === ref.kind && r.name === ref.name && (ref.namespace === null || r.namespace === ref.namespace),
  );

const argoManager = (object: KubeObject, namespace: string, weak: boolean, target: Target): Manager | null => {
  const application = object as Unstructured;
  if (weak && !lists(application, target)) return null;
  // A deleted Application puts nothing back.
  if (application.metadata.deletionTimestamp !== undefined) return null;
  const automated = (application.spec as ApplicationSpec | undefined)?.syncPolicy?.automated ?? null;
  const on = automated !== null && automated.enabled !== false;
  const skips = application.metadata.annotations?.['argocd.argoproj.io/skip-reconcile'] === 'true';
  return { by: 'argo-cd', app: refOf('Application', ARGO, application, namespace), automated: on && !skips, selfHeal: on && !skips && automated.selfHeal === true };
};

/** The Application: by GET where its namespace is told or usual, else found by one list of metadata. */
const argo = (mark: NonNullable<Marks['argo']>, target: Target, seen: Seen): Found => {
  const groups = seen.groups();
  const wants: Want[] = [{ type: 'groups' }];
  const looked: Looked<unknown>[] = [groups];
  // A weak mark makes nothing unknown: most who carry it have nothing to do with Argo CD.
  const end = (manager: Manager | null): Found => ({ wants, looked: mark.weak ? [] : looked, manager });
  const missing = (): Found => {
    looked.push(notHere(ARGO, 'Application', mark.namespace, mark.name));
    return end(null);
  };
  if (groups.state !== 'found') return end(null);
  if (!groups.value.some((g) => g.group === ARGO.group)) return missing();
  const read = (namespace: string): Looked<KubeObject> => {
    wants.push({ type: 'object', kind: ARGO, namespace, name: mark.name, metadataOnly: false });
    const answer = seen.object(ARGO, namespace, mark.name);
    looked.push(answer);
    return answer;
  };
  const usual = mark.namespace ?? ARGO_NAMESPACE;
  const first = read(usual);
  if (first.state === 'found') return end(argoManager(first.value, usual, mark.weak, target));
  if (first.state !== 'absent') return end(null);
  if (mark.namespace !== null) return missing();
  wants.push({ type: 'list', kind: ARGO, namespace: null, labelSelector: '', metadataOnly: true });
  const all = seen.list(ARGO, null, '');
  looked.push(all);
  const elsewhere = all.state === 'found' ? all.value.find((a) => a.metadata.name === mark.name)?.metadata.namespace : undefined;
  if (all.state === 'found' && elsewhere === undefined) return missing();
  if (elsewhere === undefined) return end(null);
  const second = read(elsewhere);
  return end(second.state === 'found' ? argoManager(second.value, elsewhere, mark.weak, target) : null);
};

interface FluxSpec {
  readonly suspend?: boolean;
  readonly interval?: string;
  readonly driftDetection?: { readonly mode?: string };
}

/** The version that the server prefers is asked for: Flux has had several. */
const fluxManager = (mark: NonNullable<Marks['flux']>, seen: Seen): Found => {
  const groups = seen.groups();
  const wants: Want[] = [{ type: 'groups' }];
  if (groups.state !== 'found') return { wants, looked: [groups], manager: null };
  const { group, resource } = flux[mark.kind];
  const missing = notHere({ group, resource }, mark.kind, mark.namespace, mark.name);
  const version = groups.value.find((g) => g.group === group)?.version;
  if (version === undefined) return { wants, looked: [missing], manager: null };
  const path = { group, version, resource };
  wants.push({ type: 'object', kind: path, namespace: mark.namespace, name: mark.name, metadataOnly: false });
  const object = seen.object(path, mark.namespace, mark.name);
  if (object.state !== 'found') return { wants, looked: [object.state === 'absent' ? missing : object], manager: null };
  const spec = (object.value as Unstructured).spec as FluxSpec | undefined;
  const off = spec?.suspend === true || object.value.metadata.deletionTimestamp !== undefined;
  const app = refOf(mark.kind, path, object.value, mark.namespace);
  const interval = spec?.interval ?? null;
  const manager: Manager = mark.kind === 'Kustomization' ? { by: 'flux-kustomization', app, interval } : { by: 'flux-helm', app, interval, corrects: spec?.driftDetection?.mode === 'enabled' };
  return { wants, looked: [], manager: off ? null : manager };
};

const look = (target: Target, seen: Seen): Found => {
  // With a controller the controller decides: a pod inherits the marks of what it is made from.
  if ((target.object.metadata.ownerReferences ?? []).some((r) => r.controller === true)) return nothing;
  const marks = marksOf(target);
  // Flux and Argo CD render charts too: then Helm's marks are theirs.
  if (marks.flux !== null) return fluxManager(marks.flux, seen);
  const ofArgo = marks.argo === null ? nothing : argo(marks.argo, target, seen);
  if (ofArgo.manager !== null || marks.argo?.weak === false) return ofArgo;
  if (marks.helm !== null) return { ...ofArgo, manager: { by: 'helm', ...marks.helm } };
  return marks.kapp === null ? ofArgo : { ...ofArgo, manager: { by: 'kapp', ...marks.kapp } };
};

export const gitops: Fact<GitOpsView> = {
  rights: [
    { group: 'argoproj.io', resource: 'applications', verbs: ['get', 'list'], scope: 'cluster' },
    { group: 'kustomize.toolkit.fluxcd.io', resource: 'kustomizations', verbs: ['get'], scope: 'cluster' },
    { group: 'helm.toolkit.fluxcd.io', resource: 'helmreleases', verbs: ['get'], scope: 'cluster' },
  ],
  wants: (target, _given, seen) => look(target, seen).wants,
  view: (target, _given, seen) => {
    const { manager, looked } = look(target, seen);
    return { manager, unread: unreadOf(looked) };
  },
};

/** Whether it comes back without anybody's doing. */
export const putsBack = (manager: Manager | null): boolean => {
  switch (manager?.by) {
    case undefined:
    case 'helm':
    case 'kapp':
      return false;
    case 'argo-cd':
      return manager.selfHeal;
    case 'flux-kustomization':
      return true;
    case 'flux-helm':
      return manager.corrects;
  }
};

