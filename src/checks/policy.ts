import type { Check } from './check.ts';

/** The rules of the site, whatever the kind. Unlike the other checks it can also fail to judge what was read: a rule is an expression that a person wrote. */
export const policy: Check = {
  id: 'policy',
  knows: null,
  needs: ['site'],
  notApplicable: (_target, given) => ((given.site ?? null) === null ? 'no policy is in force' : null),
  run: (target, views, given) => {
    const { site } = given;
    if (site === undefined || site === null) return { findings: [], unread: [] };
    return { ...site.judge(target, views.site.namespace, given), unread: views.site.unread };
  },
};
