import type { GitOpsView } from '../facts/gitops.ts';
import type { FindingOf } from '../findings/finding.ts';
import { isFinished, isPodKind } from '../model/pod.ts';
import type { Target } from '../model/target.ts';
import { defineCheck, notForMirrors } from './check.ts';

const check = 'gitops-owner' as const;

const find = (target: Target, { manager }: GitOpsView): readonly FindingOf<'gitops-owner'>[] => {
  switch (manager?.by) {
    case undefined:
      return [];
    case 'argo-cd': {
      const objects = [manager.app];
      return manager.selfHeal
        ? [{ check, code: 'argo-cd-puts-back', data: { application: manager.app }, objects }]
        : [{ check, code: 'argo-cd-does-not-put-back', data: { application: manager.app, automated: manager.automated }, objects }];
    }
    case 'flux-kustomization':
      return [{ check, code: 'flux-puts-back', data: { kustomization: manager.app, interval: manager.interval }, objects: [manager.app] }];
    case 'flux-helm':
      return [{ check, code: 'flux-helm-release', data: { release: manager.app, interval: manager.interval, corrects: manager.corrects }, objects: [manager.app] }];
    case 'kapp':
      return [{ check, code: 'kapp-app', data: { app: manager.app }, objects: [] }];
    case 'helm':
      // A pod that has ended serves the release no more.
      return isPodKind(target.ref) && isFinished(target.object) ? [] : [{ check, code: 'helm-release', data: { release: manager.release, namespace: manager.namespace }, objects: [] }];
  }
};

export const gitopsOwner = defineCheck({
  id: 'gitops-owner',
  kinds: 'every',
  needs: ['gitops'],
  notApplicable: (object) => notForMirrors(object) ?? ((object.metadata.ownerReferences ?? []).some((r) => r.controller === true) ? 'a controller owns it' : null),
  find: (_pod, { gitops }, _given, target) => find(target, gitops),
});
