/** Names of files from names of objects, which are the server's strings: nothing of them leads out of the folder. Pure. */
import type { Ref } from '../model/ref.ts';

/** `kubectl apply -f DIR` takes files in the order of their names: what others need comes first. */
const FIRST: Readonly<Record<string, number>> = {
  '/Namespace': 10,
  'apiextensions.k8s.io/CustomResourceDefinition': 10,
  'storage.k8s.io/StorageClass': 20,
  'scheduling.k8s.io/PriorityClass': 20,
  '/PersistentVolume': 20,
  '/ServiceAccount': 30,
  '/Secret': 30,
  '/ConfigMap': 30,
  '/PersistentVolumeClaim': 30,
  'rbac.authorization.k8s.io/ClusterRole': 30,
  'rbac.authorization.k8s.io/Role': 30,
  '/Service': 40,
  'apps/Deployment': 60,
  'apps/StatefulSet': 60,
  'apps/DaemonSet': 60,
  'apps/ReplicaSet': 60,
  '/ReplicationController': 60,
  'batch/Job': 60,
  'batch/CronJob': 60,
  '/Pod': 70,
  'autoscaling/HorizontalPodAutoscaler': 80,
  // They may refuse what comes after them.
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': 90,
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': 90,
};
const LONGEST = 180;

/** Letters, digits and `-._` as they are; all else, and a leading dot, as `_`. */
export const safeName = (text: string): string => {
  const safe = text.replaceAll(/[^A-Za-z0-9._-]/gu, '_').replace(/^\./u, '_');
  return safe.length > LONGEST ? safe.slice(0, LONGEST) : safe;
};

/** Gives each path once; file systems that do not tell upper from lower case included. */
export class FileNames {
  readonly #taken = new Set<string>();

  take(folder: string, name: string, extension: string): string {
    for (let count = 1; ; count += 1) {
      const path = `${folder}${name}${count === 1 ? '' : `_${count}`}${extension}`;
      if (this.#taken.has(path.toLowerCase())) continue;
      this.#taken.add(path.toLowerCase());
      return path;
    }
  }
}

const RANK_OF_ALL_ELSE = 50;

/** `60-deployment.apps-shop-web`. */
export const manifestName = (ref: Pick<Ref, 'group' | 'kind' | 'namespace' | 'name'>): string =>
  safeName([FIRST[`${ref.group}/${ref.kind}`] ?? RANK_OF_ALL_ELSE, `${ref.kind.toLowerCase()}${ref.group === '' ? '' : `.${ref.group}`}`, ...(ref.namespace === null ? [] : [ref.namespace]), ref.name].join('-'));
