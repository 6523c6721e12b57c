import type { CodesByCheck } from '../finding.ts';
import type { CheckWords } from '../words.ts';

const SHOWN = 3;
const some = (names: readonly string[]): string => `${names.slice(0, SHOWN).join(', ')}${names.length > SHOWN ? ', …' : ''}`;
const count = (n: number, one: string): string => `${n} ${one}${n === 1 ? '' : 's'}`;
const its = (names: readonly string[]): string => (names.length === 0 ? '' : ` (${some(names)})`);

const because: { readonly [B in CodesByCheck['cluster-wide']['not-in-use']['because']]: string } = {
  'no-webhook-answers': 'asks nobody that answers',
  'no-binding': 'is bound by nothing',
  'no-policy': 'binds a policy that does not exist',
  'api-unavailable': 'is not available: it serves nothing now',
  'nobody-bound': 'is given to nobody',
  'nothing-names-it': 'is named by nothing',
};

export const clusterWide: CheckWords<'cluster-wide'> = {
  id: 'cluster-wide',
  looksAt: 'webhook, admission policy, APIService, ClusterRole, StorageClass, PriorityClass, CSIDriver',
  codes: {
    'admission-ends': {
      severity: 'warning',
      means: 'A webhook configuration whose webhooks answer: what they check or change is not checked or changed any more, in the whole cluster.',
      message: (data, target) => `${target.kind} ${target.name} ${data.mutates ? 'changes' : 'checks'} ${data.resources.length === 0 ? 'requests' : some(data.resources)} (${some(data.webhooks)}): nothing does in the cluster any more.`,
      remedy: () => 'Make sure that what it guards or adds is not needed, or that its controller makes it again.',
    },
    'admission-policy-ends': {
      severity: 'warning',
      means: 'An admission policy that is bound, or its binding: what it checks or changes is not any more.',
      message: (data, target) => `Admission policy ${data.policy} is in force by ${data.bindings.length === 1 ? 'binding' : 'bindings'} ${some(data.bindings)}: without ${target.kind} ${target.name} ${target.name === data.policy || data.bindings.length === 1 ? 'it is not' : 'one of them is not'}.`,
      remedy: () => 'Make sure that what it guards is not needed, or apply what takes its place first.',
    },
    'api-ends': {
      severity: 'warning',
      means: 'An APIService whose server answers: its kinds are not served any more, and namespaces that hold any stay Terminating.',
      message: (data, target) => `APIService ${target.name} serves ${data.kinds.length === 0 ? `${data.group}/${data.version}` : `${some(data.kinds)} of ${data.group}/${data.version}`}: nothing in the cluster can use them any more.`,
      remedy: () => 'Remove what uses these kinds first.',
      commands: (data) => [{ argv: ['kubectl', 'api-resources', `--api-group=${data.group}`], why: 'see what it serves' }],
    },
    'cluster-role-given': {
      severity: 'warning',
      means: 'A ClusterRole that bindings give to someone, itself or through a role that aggregates it: they lose its rights.',
      message: (data, target) => {
        const through = data.aggregatedBy.length === 0 ? '' : `, also as part of ${some(data.aggregatedBy)}`;
        const back = data.restored ? '; an API server makes it again only when it starts' : '';
        return `ClusterRole ${target.name} is given by ${count(data.bindings.length, 'binding')}${its(data.bindings)}${through}: ${some(data.subjects)} ${data.subjects.length === 1 ? 'loses' : 'lose'} these rights${back}.`;
      },
      remedy: () => 'Bind them to another role first.',
      commands: (_data, target) => [{ argv: ['kubectl', 'describe', 'clusterrole', target.name], why: 'see which rights' }],
    },
    'storage-class-used': {
      severity: 'warning',
      means: 'A StorageClass that claims or volumes name, or the default one: claims cannot be provisioned or expanded by it any more.',
      message: (data, target) => {
        const uses = data.claims + data.volumes === 0 ? [] : [`is named by ${count(data.claims, 'claim')} and ${count(data.volumes, 'volume')}${its(data.names)}`];
        return `StorageClass ${target.name} ${[...uses, ...(data.isDefault ? ['is the default class'] : [])].join(' and ')}: what waits for it stays Pending, and volumes of it cannot be expanded.`;
      },
      remedy: (data) => (data.isDefault ? 'Make another class the default first.' : 'Apply a class of the same name again if new claims name it.'),
    },
    'priority-class-used': {
      severity: 'warning',
      means: 'A PriorityClass that unfinished pods name, or the default one: their replacements are refused until it is there again.',
      message: (data, target) => {
        const uses = data.pods === 0 ? [] : [`${count(data.pods, 'pod')} ${data.pods === 1 ? 'names' : 'name'} PriorityClass ${target.name}${its(data.names)}: replacements of ${data.pods === 1 ? 'it' : 'them'} are refused`];
        return `${[...uses, ...(data.isDefault ? [`${uses.length === 0 ? `PriorityClass ${target.name}` : 'it'} is the default: new pods have priority 0`] : [])].join(', and ')}.`;
      },
      remedy: () => 'Take it out of the templates of these pods first.',
    },
    'csi-driver-used': {
      severity: 'warning',
      means: 'A CSIDriver that volumes use or that runs on nodes: Kubernetes falls back to defaults for it, and pods with its volumes may not start.',
      message: (data, target) => `CSIDriver ${target.name} has ${count(data.volumes, 'volume')} and runs on ${count(data.nodes.length, 'node')}${its(data.nodes)}: pods with its volumes may not start or mount them differently.`,
      remedy: () => 'Move the volumes to another driver first, or leave this object to the installation of the driver.',
    },
    'not-in-use': {
      severity: 'note',
      means: 'Nothing that this check looks at uses it.',
      message: (data, target) => `${target.kind} ${target.name} ${because[data.because]}.`,
      remedy: () => 'Nothing to do.',
    },
    'api-registered-again': {
      severity: 'note',
      means: 'An APIService without a server of its own: the API server registers its own groups and those of definitions again.',
      message: (data, target) => `APIService ${target.name} stands for ${data.group === '' ? 'the core group' : data.group} ${data.version}, which the API server serves itself: it registers it again while it does.`,
      remedy: () => 'Nothing is gained by deleting it.',
    },
  },
};
