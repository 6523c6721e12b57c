import type { CheckWords } from '../words.ts';

export const admission: CheckWords<'admission'> = {
  id: 'admission',
  looksAt: "what the server's policies and webhooks answer to a dry-run DELETE or Eviction",
  codes: {
    denied: {
      severity: 'blocker',
      final: true,
      means: 'The API server refuses the deletion: a policy or webhook denies it.',
      message: (data) => `The API server refuses this deletion${data.by === null ? '' : ` (${data.by})`}: ${data.message}`,
      remedy: (data) => (data.by === null ? 'Do what its message asks for.' : `Do what ${data.by} asks for, or talk to its owner.`),
    },
  },
};
