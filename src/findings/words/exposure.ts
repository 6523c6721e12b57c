import type { CheckWords } from '../words.ts';

const SHOWN = 3;
const some = (names: readonly string[]): string => `${names.slice(0, SHOWN).join(', ')}${names.length > SHOWN ? ', …' : ''}`;
const endpoints = (ready: number): string => (ready === 1 ? '1 ready endpoint' : `${ready} ready endpoints`);
const ports = (nodePorts: readonly number[]): string => `node ${nodePorts.length === 1 ? 'port' : 'ports'} ${nodePorts.join(', ')}`;

export const exposure: CheckWords<'exposure'> = {
  id: 'exposure',
  looksAt: 'a Service, Ingress or Gateway whose address or traffic ends',
  codes: {
    'address-may-not-return': {
      severity: 'warning',
      irreversible: true,
      means: 'A load balancer outside of the cluster is given back with it: a new one may get another address.',
      message: (data, target) =>
        `${target.kind} ${target.name} ${data.addresses.length === 0 ? 'has a load balancer' : `has address ${some(data.addresses)}`} outside of the cluster${data.ready === 0 ? '' : ` with ${endpoints(data.ready)} behind it`}: it is given back${data.finalizer === null ? '' : ` (finalizer ${data.finalizer})`}, and a new one may have another address.`,
      remedy: () => 'Reserve the address with the provider first, or change what points at it.',
      commands: (_data, target) => [{ argv: ['kubectl', 'get', target.resource, target.name, ...(target.namespace === null ? [] : ['-n', target.namespace]), '-o', 'yaml'], why: 'see its address, class and annotations' }],
    },
    'service-traffic-ends': {
      severity: 'warning',
      means: 'A Service with ready endpoints that stay: its name does not resolve and its address does not answer any more.',
      message: (data, target) =>
        `${data.headless ? 'Headless service' : 'Service'} ${target.name} has ${endpoints(data.ready)}: clients in the cluster lose its name${data.headless ? '' : ' and address'}${data.nodePorts.length === 0 ? '' : `, and ${ports(data.nodePorts)} may be given to another`}.`,
      remedy: () => 'Move its clients to another Service first.',
      commands: (_data, target) => [{ argv: ['kubectl', 'get', 'endpointslices', '-n', target.namespace ?? 'default', '-l', `kubernetes.io/service-name=${target.name}`], why: 'see what is behind it' }],
    },
    'members-lose-names': {
      severity: 'warning',
      means: 'A headless Service gives the members of a StatefulSet their DNS names: without it they do not find each other.',
      message: (data, target) => `Headless service ${target.name} gives the members of statefulset ${data.sets.map((s) => s.name).join(', ')} their DNS names (${endpoints(data.ready)}): without it they and their clients do not find each other.`,
      remedy: () => 'Keep it for as long as the set is there.',
    },
    'alias-ends': {
      severity: 'warning',
      means: 'An ExternalName Service: clients in the cluster that use its name do not reach the outside name any more.',
      message: (data, target) => `Service ${target.name} is a name for ${data.externalName} in the cluster: clients that use it do not resolve it any more.`,
      remedy: (data) => `Let its clients use ${data.externalName} itself first.`,
    },
    'route-traffic-ends': {
      severity: 'warning',
      means: 'An Ingress, route or Gateway through which traffic reaches something that stays.',
      message: (data, target) => {
        const what = [...(data.hosts.length === 0 ? [] : [`serves ${some(data.hosts)}`]), ...(data.addresses.length === 0 ? [] : [`has address ${some(data.addresses)}`]), ...(data.ready === 0 ? [] : [`leads to ${endpoints(data.ready)} of service ${some(data.services)}`]), ...(data.routes === 0 ? [] : [`has ${data.routes === 1 ? '1 route' : `${data.routes} routes`} attached`])];
        return `${target.kind} ${target.name} ${what.length === 0 ? 'answers requests' : what.join(' and ')}: this traffic ends.`;
      },
      remedy: () => 'Apply what takes its place first.',
    },
    'nothing-behind': {
      severity: 'note',
      means: 'Nothing that stays and is ready is behind it.',
      message: (data, target) => `Nothing ready is behind ${target.kind} ${target.name}${data.nodePorts.length === 0 ? '' : `; ${ports(data.nodePorts)} may be given to another`}.`,
      remedy: () => 'Nothing to do.',
    },
  },
};
