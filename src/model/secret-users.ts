/** Secrets that objects other than pods name. Names only: what a Secret holds is never looked at. */
import type { Ingress, KubeObject, ServiceAccount, StorageClass, Unstructured, Volume } from './wire.ts';

export interface NamedSecret {
  /** null: the object's own. */
  readonly namespace: string | null;
  readonly name: string;
  /** The field that names it. */
  readonly how: string;
}

const secret = (name: unknown, how: string, namespace: unknown = null): readonly NamedSecret[] =>
  typeof name === 'string' && name !== '' ? [{ name, how, namespace: typeof namespace === 'string' && namespace !== '' ? namespace : null }] : [];

/** `NAMESPACE/NAME` or `NAME`. */
const fromText = (text: string | undefined, how: string): readonly NamedSecret[] => {
  const parts = text?.split('/') ?? [];
  return parts.length === 2 ? secret(parts[1], how, parts[0]) : secret(text, how);
};

const ofNginx = ['auth-secret', 'auth-tls-secret', 'proxy-ssl-secret'].map((name) => `nginx.ingress.kubernetes.io/${name}`);

export const secretsOfIngress = ({ metadata, spec }: Ingress): readonly NamedSecret[] => [
  ...(spec?.tls ?? []).flatMap((t) => secret(t.secretName, 'tls')),
  ...ofNginx.flatMap((key) => fromText(metadata.annotations?.[key], key)),
];

export const secretsOfAccount = ({ secrets, imagePullSecrets }: ServiceAccount): readonly NamedSecret[] => [
  ...(imagePullSecrets ?? []).flatMap((s) => secret(s.name, 'imagePullSecrets')),
  ...(secrets ?? []).flatMap((s) => secret(s.name, 'secrets')),
];

const SECRET_NAME = /^csi\.storage\.k8s\.io\/(?<use>.*)-secret-name$/u;

/** `csi.storage.k8s.io/USE-secret-name`; names with a `${...}` in it are made for each claim and name no Secret yet. */
export const secretsOfClass = ({ parameters = {} }: StorageClass): readonly NamedSecret[] =>
  Object.entries(parameters).flatMap(([key, name]) => {
    const use = SECRET_NAME.exec(key)?.groups?.['use'];
    const namespace = use === undefined ? undefined : parameters[`csi.storage.k8s.io/${use}-secret-namespace`];
    return use === undefined || `${name}${namespace ?? ''}`.includes('${') ? [] : secret(name, `parameters (${use})`, namespace);
  });

/** Credentials in a volume's source, whichever driver it is of. */
export const secretsOfVolume = ({ spec }: Volume): readonly NamedSecret[] => {
  const { csi, azureFile, cephfs, rbd, iscsi, flexVolume, scaleIO, storageos, cinder } = spec ?? {};
  const references = [csi?.controllerPublishSecretRef, csi?.nodeStageSecretRef, csi?.nodePublishSecretRef, csi?.controllerExpandSecretRef, csi?.nodeExpandSecretRef, cephfs?.secretRef, rbd?.secretRef, iscsi?.secretRef, flexVolume?.secretRef, scaleIO?.secretRef, storageos?.secretRef, cinder?.secretRef];
  return [...references.flatMap((r) => secret(r?.name, 'credentials', r?.namespace)), ...secret(azureFile?.secretName, 'credentials', azureFile?.secretNamespace)];
};

const INJECTED = 'cert-manager.io/inject-ca-from-secret';

/** A webhook's certificate authority that cert-manager copies out of a Secret. */
export const secretsOfWebhook = ({ metadata }: KubeObject): readonly NamedSecret[] => fromText(metadata.annotations?.[INJECTED], INJECTED);

type Loose = Readonly<Record<string, unknown>>;
const list = (value: unknown): readonly Loose[] => (Array.isArray(value) ? value.filter((v): v is Loose => typeof v === 'object' && v !== null) : []);
const field = (value: unknown, name: string): unknown => (typeof value === 'object' && value !== null ? (value as Loose)[name] : undefined);

/** The certificates of a Gateway's listeners (gateway.networking.k8s.io). */
export const secretsOfGateway = ({ spec }: Unstructured): readonly NamedSecret[] =>
  list(field(spec, 'listeners')).flatMap((listener) => list(field(listener['tls'], 'certificateRefs')).flatMap((r) => ((r['kind'] ?? 'Secret') === 'Secret' ? secret(r['name'], 'tls', r['namespace']) : [])));
