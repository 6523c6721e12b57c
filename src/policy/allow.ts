/** What `--allow` may name depends on the policy in force: its rules have names, and it makes blockers of what never blocks otherwise. */
import { allowable, checkIds, checksCatalogue } from '../findings/catalogue.ts';
import { neverBlocks, unknownId } from '../options/validate.ts';
import type { Problem } from '../options/validate.ts';
import { builtInNames } from './policy.ts';
import type { Policy } from './policy.ts';

const PREFIX = 'policy/';

/** Ids that the policy makes blockers of, each with its check, and with its codes where it is a check. */
const raised = (policy: Policy): ReadonlySet<string> => {
  const ids = [...policy.severities].filter(([, severity]) => severity === 'blocker').map(([id]) => id);
  return new Set(
    checkIds.flatMap((check) => {
      const codes = Object.keys(checksCatalogue[check].codes);
      const own = codes.filter((code) => ids.includes(code));
      return ids.includes(check) ? [check, ...codes] : own.length === 0 ? [] : [check, ...own];
    }).concat(ids),
  );
};

/** The first name of `--allow` that nothing in this run could be blocked by, or null. With `--strict` every check and code can be. */
export const allowProblem = (allow: readonly string[], strict: boolean, policy: Policy | null): Problem | null => {
  const names = new Set([...(policy?.rules.map((rule) => rule.name) ?? []), ...(policy === null ? [] : builtInNames)].map((name) => `${PREFIX}${name}`));
  const byPolicy = policy === null ? new Set<string>() : raised(policy);
  for (const id of allow) {
    if (id.startsWith(PREFIX)) {
      if (names.has(id)) continue;
      return policy === null ? { code: 'unknown-check', message: `--allow: "${id}" is a rule of a policy, and no policy is in force`, remedy: 'name its file with --policy' } : unknownId('--allow', id, names);
    }
    if (!strict && !allowable.has(id) && !byPolicy.has(id)) return neverBlocks(id);
  }
  return null;
};
