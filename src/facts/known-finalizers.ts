/** Finalizers whose controllers are known by name (docs/reference/termination.md 4.2). */

export interface KnownFinalizer {
  readonly controller: string;
  readonly waitsFor: string;
  /** Runs in kube-controller-manager: its leader Lease tells whether anybody does the work. */
  readonly inControllerManager: boolean;
  /** What is left behind when it is taken off by hand. */
  readonly leaks: string;
}

const manager = (controller: string, waitsFor: string, leaks: string): KnownFinalizer => ({ controller, waitsFor, inControllerManager: true, leaks });
const outside = (controller: string, waitsFor: string, leaks: string): KnownFinalizer => ({ controller, waitsFor, inControllerManager: false, leaks });

const byName: Readonly<Record<string, KnownFinalizer>> = {
  foregroundDeletion: manager('the garbage collector', 'dependents that block its deletion to be gone', 'the dependents stay, without an owner'),
  orphan: manager('the garbage collector', 'owner references to be taken off its dependents', 'the garbage collector deletes the dependents that were to stay'),
  'batch.kubernetes.io/job-tracking': manager('the Job controller', "the pod to be counted in its Job's status", 'the Job never counts the pod, and may run it again or never finish'),
  'kubernetes.io/pvc-protection': manager('the claim protection controller', 'pods that use the claim to be gone', 'the claim goes under the pods that use it; with reclaim policy Delete their data goes too'),
  'kubernetes.io/pv-protection': manager('the volume protection controller', 'the volume not to be bound any more', 'the claim that is bound to it is Lost, with its data out of reach'),
  'kubernetes.io/pv-controller': manager('the volume controller', 'the storage behind the volume to be deleted', 'the storage behind the volume stays, and is paid for'),
  'external-provisioner.volume.kubernetes.io/finalizer': outside('the CSI provisioner', 'the storage behind the volume to be deleted', 'the storage behind the volume stays, and is paid for'),
  'service.kubernetes.io/load-balancer-cleanup': outside("the cloud's service controller", 'the load balancer outside to be deleted', 'the load balancer outside stays, with its address, and is paid for'),
  'customresourcecleanup.apiextensions.k8s.io': outside('the API server', 'its instances to be gone', 'the instances stay in etcd, out of reach, and are there again if the definition comes back'),
};

const byPrefix: readonly (readonly [prefix: string, KnownFinalizer])[] = [
  ['external-attacher/', outside('the CSI attacher', 'the volume to be detached from its node', 'the volume may stay attached, and two nodes may write to it')],
  ['snapshot.storage.kubernetes.io/', outside('the snapshot controller', 'the snapshot or what is made from it to be released', 'the snapshot behind it stays, and is paid for')],
];

/** null: nobody is known who removes it. */
export const knownFinalizer = (name: string): KnownFinalizer | null =>
  (Object.hasOwn(byName, name) ? byName[name] : undefined) ?? byPrefix.find(([prefix]) => name.startsWith(prefix))?.[1] ?? null;
