import type { CheckWords } from '../words.ts';

const sentence = (text: string): string => (/[.!?]$/u.test(text) ? text : `${text}.`);

export const policy: CheckWords<'policy'> = {
  id: 'policy',
  looksAt: "the site's own policy: its rules, protected contexts, namespaces and labels, and its bulk limit",
  codes: {
    rule: {
      severity: 'blocker',
      severityOf: (data) => data.severity,
      means: "A rule of the site's policy holds for the object; it is a blocker unless the rule says otherwise.",
      message: (data) => sentence(data.message),
      remedy: (data) => `Ask who keeps the policy whether rule ${data.name} is meant for this.`,
    },
    'protected-context': {
      severity: 'blocker',
      means: "The site's policy protects the kubeconfig context.",
      message: (data) => `Context ${data.context} is protected by the policy (${data.pattern}).`,
      remedy: () => 'Make sure that this is the cluster that is meant.',
    },
    'protected-namespace': {
      severity: 'blocker',
      means: "The site's policy protects the namespace that the object is in, or that it is.",
      message: (data) => `Namespace ${data.namespace} is protected by the policy (${data.pattern}).`,
      remedy: () => 'Make sure that this is the namespace that is meant.',
    },
    'protected-object': {
      severity: 'blocker',
      means: "The site's policy protects objects with such labels.",
      message: (data, target) => `${target.name} is protected by the policy (labels ${data.selector}).`,
      remedy: () => 'Make sure that it may go.',
    },
    'bulk-limit': {
      severity: 'blocker',
      means: "The command names more objects than the site's policy lets go at once.",
      message: (data) => `This names ${data.count} objects; the policy lets ${data.limit} go at once.`,
      remedy: () => 'Delete them in smaller groups.',
    },
  },
};
