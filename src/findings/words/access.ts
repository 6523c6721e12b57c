import type { CheckWords } from '../words.ts';

const SHOWN = 3;
const some = (names: readonly string[]): string => `${names.slice(0, SHOWN).join(', ')}${names.length > SHOWN ? ', …' : ''}`;
const pods = (n: number): string => (n === 1 ? '1 pod' : `${n} pods`);

export const access: CheckWords<'access'> = {
  id: 'access',
  looksAt: 'binding, role, ServiceAccount or token that you or running pods depend on',
  codes: {
    'your-access-ends': {
      severity: 'warning',
      means: 'You yourself have rights from it, and nothing else that stays gives you the same.',
      message: (data, target) =>
        data.role === null ? `You are ${data.user}: without ${target.kind} ${target.name} your credential is refused.` : `You (${data.user}) have the rights of ${data.role} from ${target.kind} ${target.name}: you lose them, and may not be able to put them back.`,
      remedy: () => 'Make sure that you, or somebody else, keep the rights that are needed.',
      commands: () => [{ argv: ['kubectl', 'auth', 'whoami'], why: 'see who you are to the API server' }],
    },
    'pods-lose-access': {
      severity: 'warning',
      means: 'Running pods have rights from it through the token of their ServiceAccount: their requests to the API are refused then.',
      message: (data, target) => {
        const who = [...data.accounts.map((a) => `${pods(a.pods)} of serviceaccount ${a.namespace}/${a.name}`), ...(data.everyone === null ? [] : [`everyone in ${data.everyone}`])];
        return `Through ${target.kind} ${target.name} ${some(who)} ${who.length === 1 && (data.everyone !== null || data.accounts[0]?.pods === 1) ? 'has' : 'have'} the rights of ${some(data.roles)} in the API: they are lost.`;
      },
      remedy: () => 'Give them the rights by another binding first.',
      commands: (data) => {
        const [first] = data.accounts;
        return first === undefined ? [] : [{ argv: ['kubectl', 'auth', 'can-i', '--list', `--as=system:serviceaccount:${first.namespace}:${first.name}`], why: 'see what they may do now' }];
      },
    },
    'token-ends': {
      severity: 'warning',
      means: 'A token of a ServiceAccount that is there: whoever has a copy of it, also outside of the cluster, is refused then.',
      message: (data, target) =>
        `Secret ${target.name} is a token of serviceaccount ${data.account}${data.mine ? ', which is you' : ''}${data.lastUsed === null ? '' : `, last used on ${data.lastUsed}`}: everyone who signs in with it is refused.`,
      remedy: () => 'Give those who use it another credential first.',
    },
    'account-is-bound': {
      severity: 'note',
      means: 'Bindings name the ServiceAccount, but no running pod has its token: whoever makes one of this name again has these rights.',
      message: (data, target) => `${data.bindings.length === 1 ? 'Binding' : 'Bindings'} ${some(data.bindings)} still ${data.bindings.length === 1 ? 'names' : 'name'} serviceaccount ${target.name}: tokens made for it are refused, and one that is made anew under this name has its rights.`,
      remedy: () => 'Delete its bindings too, if they are for it alone.',
    },
    'access-of-others': {
      severity: 'note',
      means: 'It gives rights to users, groups or accounts that are neither you nor those of running pods.',
      message: (data, target) => (target.kind.endsWith('Binding') ? `${target.kind} ${target.name} gives ${some(data.subjects)} the rights of ${some(data.roles)}.` : `${target.kind} ${target.name} is bound to ${some(data.subjects)}, which lose its rights.`),
      remedy: () => 'Nothing to do if they need them no more.',
    },
    'token-is-dead': {
      severity: 'note',
      means: 'A token whose ServiceAccount is gone or was made anew, or that the API server has invalidated.',
      message: (_data, target) => `Secret ${target.name} is a token that the API server does not accept any more.`,
      remedy: () => 'Nothing to do.',
    },
  },
};
