import type { Controller } from './controller.ts'
import { deployment } from './deployment.ts'
import { garbageCollector } from './gc.ts'
import { namespaceController } from './namespace.ts'
import { replicaSet, replicationController } from './replicaset.ts'
import { serviceAccount } from './serviceaccount.ts'
import { statefulSet } from './statefulset.ts'

/** What the kube-controller-manager runs here; the node controllers come on top. */
export const controllers = (caPem: string): readonly Controller[] => [
  serviceAccount(caPem),
  garbageCollector,
  namespaceController,
  replicaSet,
  replicationController,
  deployment,
  statefulSet,
]
