import { qualified } from '../../model/ref.ts';
import type { Ref } from '../../model/ref.ts';
import type { Command } from '../finding.ts';
import type { CheckWords } from '../words.ts';

const see = (app: Ref): readonly Command[] => [{ argv: ['kubectl', 'get', qualified(app), app.name, ...(app.namespace === null ? [] : ['-n', app.namespace])], why: 'see what manages it' }];
const every = (interval: string | null): string => (interval === null ? '' : ` within ${interval}`);

export const gitopsOwner: CheckWords<'gitops-owner'> = {
  id: 'gitops-owner',
  looksAt: 'who manages an object without a controller owner, and whether that really puts it back',
  codes: {
    'argo-cd-puts-back': {
      severity: 'warning',
      means: 'An Argo CD Application with selfHeal manages the object: it is created again from Git.',
      message: (data, target) => `Argo CD Application ${data.application.name} puts ${target.name} back from Git at once (selfHeal).`,
      remedy: () => 'To be rid of it, take it out of Git; to restart it, go on.',
      commands: (data) => see(data.application),
    },
    'argo-cd-does-not-put-back': {
      severity: 'note',
      means: 'An Argo CD Application without selfHeal manages the object: it stays away until the next sync.',
      message: (data, target) => `Argo CD Application ${data.application.name} manages ${target.name}: without selfHeal it stays away until ${data.automated ? 'Git changes or someone syncs' : 'someone syncs'}, and is shown as missing till then.`,
      remedy: () => 'To be rid of it, take it out of Git as well.',
      commands: (data) => see(data.application),
    },
    'flux-puts-back': {
      severity: 'warning',
      means: 'A Flux Kustomization that is not suspended manages the object: it is created again from Git.',
      message: (data, target) => `Flux Kustomization ${data.kustomization.name} puts ${target.name} back from Git${every(data.interval)}.`,
      remedy: () => 'To be rid of it, take it out of Git; to restart it, go on.',
      commands: (data) => see(data.kustomization),
    },
    'flux-helm-release': {
      severity: 'warning',
      means: 'A Flux HelmRelease that is not suspended manages the object.',
      message: (data, target) =>
        data.corrects
          ? `Flux HelmRelease ${data.release.name} puts ${target.name} back${every(data.interval)} (drift detection).`
          : `${target.name} belongs to Flux HelmRelease ${data.release.name}, which misses it until its next release.`,
      remedy: () => "To be rid of it, change the release's values or chart.",
      commands: (data) => see(data.release),
    },
    'helm-release': {
      severity: 'warning',
      means: 'The object belongs to a Helm release, which misses it until its next upgrade.',
      message: (data, target) => `${target.name} belongs to Helm release ${data.release}${data.namespace === null ? '' : ` in namespace ${data.namespace}`}: the release misses it, and only its next upgrade or rollback puts it back.`,
      remedy: () => "To be rid of it, change the release's values or chart, or uninstall it.",
      commands: (data) => [{ argv: ['kubectl', 'get', 'secrets', ...(data.namespace === null ? [] : ['-n', data.namespace]), '-l', `owner=helm,name=${data.release}`], why: 'see the revisions of the release' }],
    },
    'kapp-app': {
      severity: 'note',
      means: 'The object is part of an app of kapp, which misses it until it is deployed again.',
      message: (data, target) => `kapp has deployed ${target.name} as part of an app (label kapp.k14s.io/app=${data.app}): it stays away until that is deployed again.`,
      remedy: () => "To be rid of it, take it out of the app's configuration as well.",
      commands: (data) => [{ argv: ['kubectl', 'get', 'configmaps', '-A', '-l', 'kapp.k14s.io/is-app', '-o', 'custom-columns=NAMESPACE:.metadata.namespace,NAME:.metadata.name,SPEC:.data.spec'], why: `see which app has the label ${data.app}` }],
    },
  },
};
