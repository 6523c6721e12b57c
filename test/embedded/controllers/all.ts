import { apiServiceController } from './apiservice.ts'
import type { Controller } from './controller.ts'
import { daemonSet } from './daemonset.ts'
import { definitionController } from './definition.ts'
import { deployment } from './deployment.ts'
import { disruption } from './disruption.ts'
import { endpointSlice } from './endpointslice.ts'
import { garbageCollector } from './gc.ts'
import { jobController } from './job.ts'
import { kubernetesService } from './kubernetes-service.ts'
import { namespaceController } from './namespace.ts'
import { podGc } from './podgc.ts'
import { replicaSet, replicationController } from './replicaset.ts'
import { serviceAccount } from './serviceaccount.ts'
import { statefulSet } from './statefulset.ts'
import { claims, ephemeralVolumes, volumes } from './volumes.ts'

/** What the kube-controller-manager runs here; the node controllers come on top. */
export const controllers = (caPem: string, podGcSeconds: number): readonly Controller[] => [
  kubernetesService,
  serviceAccount(caPem),
  garbageCollector,
  namespaceController,
  definitionController,
  apiServiceController,
  podGc(podGcSeconds),
  replicaSet,
  replicationController,
  deployment,
  statefulSet,
  daemonSet,
  jobController,
  disruption,
  endpointSlice,
  claims,
  volumes,
  ephemeralVolumes,
]
