/** Which containers of a pod can write to which of its volumes, as its spec says it. */
import type { Pod } from './wire.ts';

/** How a container belongs to its pod. A `proxy` is one that an injector adds (Istio, Linkerd, ...): what it writes is its own. */
export interface Mount {
  readonly container: string;
  readonly role: 'app' | 'init' | 'sidecar' | 'proxy';
  readonly readOnly: boolean;
  /** null: a block device. */
  readonly path: string | null;
}

/** Containers that service meshes and secret injectors add to pods of others. */
const injected: ReadonlySet<string> = new Set(['istio-proxy', 'istio-init', 'istio-validation', 'linkerd-proxy', 'linkerd-init', 'kuma-sidecar', 'consul-dataplane', 'vault-agent', 'vault-agent-init']);

/** Every mount of a volume, by any container. */
export const mountsOf = (pod: Pod, volume: string): readonly Mount[] => {
  const containers = [
    ...(pod.spec?.initContainers ?? []).map((c) => ({ c, role: c.restartPolicy === 'Always' ? ('sidecar' as const) : ('init' as const) })),
    ...(pod.spec?.containers ?? []).map((c) => ({ c, role: 'app' as const })),
    ...(pod.spec?.ephemeralContainers ?? []).map((c) => ({ c, role: 'sidecar' as const })),
  ];
  return containers.flatMap(({ c, role: own }) => {
    const role = injected.has(c.name) ? ('proxy' as const) : own;
    return [
      ...(c.volumeMounts ?? []).filter((m) => m.name === volume).map((m) => ({ container: c.name, role, readOnly: m.readOnly === true, path: m.mountPath })),
      ...(c.volumeDevices ?? []).filter((d) => d.name === volume).map(() => ({ container: c.name, role, readOnly: false, path: null })),
    ];
  });
};

/** The named claims that a container of the pod can write to. Generic ephemeral ones are not among them: no other pod can get at them. */
export const writableClaims = (pod: Pod): readonly string[] =>
  (pod.spec?.volumes ?? []).flatMap((v) => {
    const claim = v.persistentVolumeClaim;
    if (claim === undefined || claim.readOnly === true) return [];
    const mounts = mountsOf(pod, v.name);
    return mounts.length > 0 && mounts.every((m) => m.readOnly) ? [] : [claim.claimName];
  });
