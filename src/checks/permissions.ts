import { defineCheck } from './check.ts';

export const permissions = defineCheck({
  id: 'permissions',
  kinds: 'every',
  needs: ['access'],
  find: (_pod, { access }) => [
    ...(access.mayDelete === false ? [{ check: 'permissions' as const, code: 'may-not-delete' as const, data: {}, objects: [] }] : []),
    ...(access.mayWatch === false ? [{ check: 'permissions' as const, code: 'may-not-watch' as const, data: {}, objects: [] }] : []),
  ],
});
