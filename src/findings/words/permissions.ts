import { qualified } from '../../model/ref.ts';
import type { CheckWords } from '../words.ts';

export const permissions: CheckWords<'permissions'> = {
  id: 'permissions',
  looksAt: 'may this user get, delete, evict, watch',
  codes: {
    'may-not-get': {
      severity: 'blocker',
      final: true,
      means: 'RBAC lets this user list the object and not get it: by a list alone nothing tells for sure whether it went.',
      message: (_data, target) => `You may not get ${qualified(target)}${target.namespace === null ? '' : ` in namespace ${target.namespace}`}, only list it: whether it went could not be told for sure.`,
      remedy: () => 'Ask for the right to get it, or use an account that has it.',
      commands: (_data, target) => [{ argv: ['kubectl', 'auth', 'can-i', '--list', ...(target.namespace === null ? [] : ['-n', target.namespace])], why: 'see what you may do' }],
    },
    'may-not-delete': {
      severity: 'blocker',
      final: true,
      means: 'RBAC does not let this user delete the object.',
      message: (_data, target) => `You may not delete ${qualified(target)}${target.namespace === null ? '' : ` in namespace ${target.namespace}`}.`,
      remedy: () => 'Ask for the right to delete it, or use an account that has it.',
      commands: (_data, target) => [{ argv: ['kubectl', 'auth', 'can-i', '--list', ...(target.namespace === null ? [] : ['-n', target.namespace])], why: 'see what you may do' }],
    },
    'may-not-evict': {
      severity: 'blocker',
      final: true,
      means: 'RBAC does not let this user evict the pod: --evict needs create on pods/eviction.',
      message: (_data, target) => `You may not evict ${qualified(target)} in namespace ${target.namespace ?? ''}.`,
      remedy: () => 'Ask for create on pods/eviction, or use an account that has it.',
      commands: (_data, target) => [{ argv: ['kubectl', 'auth', 'can-i', 'create', 'pods/eviction', ...(target.namespace === null ? [] : ['-n', target.namespace])], why: 'see whether you may' }],
    },
    'may-not-watch': {
      severity: 'note',
      means: 'RBAC does not let this user watch the object: its end is followed by reading it every second.',
      message: (_data, target) => `You may not watch ${qualified(target)}${target.namespace === null ? '' : ` in namespace ${target.namespace}`}: it is read every second instead${target.kind === 'Pod' ? ', and an exit code can be missed' : ''}.`,
      remedy: () => 'Ask for the right to watch it.',
    },
    'rights-go-along': {
      severity: 'note',
      means: 'The right to get the Namespace comes from a RoleBinding in it and goes with it: its end cannot be observed then (exit 9).',
      message: (data, target) => `Your right to get ${qualified(target)} comes from RoleBinding ${data.binding} in it and goes with it: its end cannot be observed then.`,
      remedy: () => 'Ask for a right to get it that does not come from it, or let somebody else look afterwards.',
    },
  },
};
