import type { Ref } from '../../model/ref.ts';

export interface GitopsOwnerCodes {
  'argo-cd-puts-back': { readonly application: Ref };
  'argo-cd-does-not-put-back': { readonly application: Ref; readonly automated: boolean };
  'flux-puts-back': { readonly kustomization: Ref; readonly interval: string | null };
  'flux-helm-release': { readonly release: Ref; readonly interval: string | null; readonly corrects: boolean };
  'helm-release': { readonly release: string; readonly namespace: string | null };
  /** `app`: the value of the label kapp.k14s.io/app. */
  'kapp-app': { readonly app: string };
}
