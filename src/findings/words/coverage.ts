import type { CheckWords } from '../words.ts';

const named = (kind: string, group: string): string => (group === '' ? kind : `${kind} (${group})`);
const those = (count: number): string => (count === 1 ? 'it' : `all ${count} of them`);

export const coverage: CheckWords<'coverage'> = {
  id: 'coverage',
  looksAt: 'whether any check knows this kind',
  codes: {
    'cluster-kind-not-known': {
      severity: 'warning',
      means: 'No check knows this cluster-scoped kind: what depends on it, and what its controller does when it goes, was not looked at.',
      message: (data) => `No check knows the kind ${named(data.kind, data.group)}: what depends on ${those(data.count)} in the whole cluster was not looked at.`,
      remedy: () => 'Find out who uses it before you delete it.',
    },
    'kind-not-known': {
      severity: 'note',
      means: 'No check knows this kind: what depends on it, and what its controller does when it goes, was not looked at.',
      message: (data) => `No check knows the kind ${named(data.kind, data.group)}: what depends on ${those(data.count)} was not looked at.`,
      remedy: () => 'Find out what its controller does when it goes, if it has one.',
    },
  },
};
