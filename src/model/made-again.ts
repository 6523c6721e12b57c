import type { Ref } from './ref.ts';

/** Objects that a part of Kubernetes itself makes as soon as they are missing (kubernetes v1.36 pkg/controlplane, pkg/controller). */
export const madeBy = (ref: Pick<Ref, 'group' | 'kind' | 'namespace' | 'name'>): string | null => {
  switch (`${ref.group}/${ref.kind}/${ref.name}`) {
    case '/Service/kubernetes':
    case '/Endpoints/kubernetes':
    case 'discovery.k8s.io/EndpointSlice/kubernetes':
      return ref.namespace === 'default' ? 'The API server' : null;
    case '/ServiceAccount/default':
      return 'The service account controller';
    case '/ConfigMap/kube-root-ca.crt':
      return 'The root CA publisher';
    default:
      return null;
  }
};
