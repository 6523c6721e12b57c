import type { CodesByCheck } from '../finding.ts';
import { gentlerCommands } from '../gentler.ts';
import type { CheckWords } from '../words.ts';

type NeededBy = CodesByCheck['service-endpoints']['api-backend-left-empty']['neededBy'][number];

const consequence = (n: NeededBy): string => {
  if (n.kind === 'api') return `API ${n.ref.name} is not served then`;
  const kind = n.ref.kind === 'MutatingWebhookConfiguration' ? 'mutating' : 'validating';
  return `${kind} webhook ${n.webhooks.join(', ')} of ${n.ref.name} fails closed, so the API server refuses what it would have checked${n.checksPods ? ', the creation of the replacement perhaps too' : ''}`;
};

/** What ends in this run, and what it leaves: `service web has no ready endpoint`. */
const left = (data: { readonly service: { readonly name: string }; readonly headless: boolean; readonly readyNow: number }, pod: string): string => {
  const service = `${data.headless ? 'headless service' : 'service'} ${data.service.name}`;
  return data.readyNow === 1 ? `Without ${pod}, ${service} has no ready endpoint` : `This run deletes all ${data.readyNow} ready endpoints of ${service}, ${pod} among them`;
};

const names = (services: readonly { readonly name: string }[]): string => `${services.length === 1 ? 'service' : 'services'} ${services.map((s) => s.name).join(', ')}`;

export const serviceEndpoints: CheckWords<'service-endpoints'> = {
  id: 'service-endpoints',
  looksAt: 'a Service left without a ready endpoint',
  codes: {
    'api-backend-left-empty': {
      severity: 'blocker',
      means: 'A Service that a fail-closed webhook or an APIService needs is left without a ready endpoint: the API server refuses requests, or does not serve an API.',
      message: (data, target) => `${left(data, target.name)}, and the API server needs it: ${data.neededBy.map(consequence).join('; ')}.`,
      remedy: () => 'Have another pod of it Ready first.',
      commands: (data) => gentlerCommands(data.gentler),
    },
    'api-backend-goes': {
      severity: 'blocker',
      means: 'A Service with ready endpoints that a fail-closed webhook or an APIService needs is deleted itself: the API server refuses requests, or does not serve an API.',
      message: (data, target) => `The API server needs service ${target.name}: ${data.neededBy.map((n) => consequence(n.kind === 'api' ? n : { ...n, checksPods: false })).join('; ')}.`,
      remedy: (data) => `Delete ${data.neededBy.map((n) => `${n.ref.kind} ${n.ref.name}`).join(' and ')} first, if what it serves is not wanted any more.`,
    },
    'no-endpoint-left': {
      severity: 'warning',
      means: 'A Service is left without a ready endpoint until a replacement is Ready.',
      message: (data, target) =>
        `${left(data, target.name)}: ${data.headless ? 'its name resolves to nothing' : 'its clients are refused'} until a replacement is Ready.`,
      remedy: (data) => (data.readyNow > 1 ? 'Delete fewer at a time, the next when the replacements are Ready.' : 'Have another pod of it Ready first.'),
      commands: (data) => gentlerCommands(data.gentler),
    },
    'short-gap': {
      severity: 'note',
      means: 'Other endpoints stay, but a few requests may fail: no preStop hook lets routing change before the containers are stopped, or no readiness probe holds traffic back from the replacement.',
      message: (data, target) => {
        const ends = data.noPreStop ? [`${target.name} has no preStop hook, so some requests may reach it after it has been told to stop`] : [];
        const begins = data.noReadinessProbe ? [`${ends.length === 0 ? target.name : 'it'} has no readiness probe, so a replacement may get requests before it serves`] : [];
        return `A few requests to ${names(data.services)} may fail: ${[...ends, ...begins].join('; ')}.`;
      },
      remedy: (data) => (data.noPreStop ? 'A preStop hook that sleeps a few seconds closes the gap at the end.' : 'A readiness probe closes the gap at the beginning.'),
    },
  },
};
