import { defineCheck } from './check.ts';

export const permissions = defineCheck({
  id: 'permissions',
  kinds: 'every',
  needs: ['access'],
  find: (_target, { access }, given) => [
    ...(access.mayGet === false ? [{ check: 'permissions' as const, code: 'may-not-get' as const, data: {}, objects: [] }] : []),
    ...(access.mayDelete === false ? [{ check: 'permissions' as const, code: given.evict === true ? ('may-not-evict' as const) : ('may-not-delete' as const), data: {}, objects: [] }] : []),
    ...(access.mayWatch === false ? [{ check: 'permissions' as const, code: 'may-not-watch' as const, data: {}, objects: [] }] : []),
    ...(access.getsBy === null ? [] : [{ check: 'permissions' as const, code: 'rights-go-along' as const, data: { binding: access.getsBy }, objects: [] }]),
  ],
});
