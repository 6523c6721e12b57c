import { plural, someOf } from '../count.ts';
import type { CheckWords } from '../words.ts';

const NAMES_SHOWN = 5;

const watching = (kind: string, controller: string | null): string => (controller === null ? `Whatever controller watches ${plural(kind)} fails until they are defined again` : `Their controller (service ${controller}) fails until they are defined again`);

export const customResources: CheckWords<'custom-resources'> = {
  id: 'custom-resources',
  looksAt: 'instances of a definition; the controller they lose',
  codes: {
    'instances-go': {
      severity: 'warning',
      irreversible: true,
      means: 'The kind has instances: all of them are deleted with its definition, in every namespace.',
      message: (data) =>
        `${data.atLeast ? 'At least ' : ''}${data.count} ${data.count === 1 ? data.kind : plural(data.kind)}${data.namespaces === 0 ? '' : ` in ${data.namespaces === 1 ? '1 namespace' : `${data.namespaces} namespaces`}`} ${data.count === 1 && !data.atLeast ? 'goes' : 'go'} with the definition: ${someOf(data.names, NAMES_SHOWN)}. ${watching(data.kind, data.controller)}.`,
      remedy: () => "Save them first. A Helm upgrade does not bring back what was in a chart's crds/ folder: it is installed once.",
      commands: (data, target) => [{ argv: ['kubectl', 'get', target.name, ...(data.namespaces === 0 ? [] : ['-A']), '-o', 'yaml'], why: 'save all of them' }],
    },
    'instances-held': {
      severity: 'warning',
      means: 'Instances have finalizers: the definition stays Terminating until their controller has removed them.',
      message: (data) =>
        `The definition stays Terminating until the finalizers of its ${plural(data.kind)} are removed (${someOf(data.finalizers.map((f) => `${f.name} on ${f.count}`), NAMES_SHOWN)})${data.controller === null ? '' : ` by the controller behind service ${data.controller}`}: if that controller is gone already, for ever.`,
      remedy: () => 'Make sure that their controller runs, and uninstall it after the definition.',
    },
    'no-instances': {
      severity: 'note',
      means: 'The kind has no instances.',
      message: (data) => `There is no ${data.kind}. ${watching(data.kind, data.controller)}.`,
      remedy: () => "Nothing to do. A Helm upgrade does not bring back what was in a chart's crds/ folder: it is installed once.",
    },
  },
};
