/** What a plan's digest covers: everything that changes what would be deleted or accepted, and nothing that only ages. */
import { createHash } from 'node:crypto';
import { idOf } from './plan.ts';
import type { Plan } from './plan.ts';

export interface DigestScope {
  readonly server: string;
  readonly user: string | null;
  readonly gracePeriodSeconds: number | null;
  readonly cascade: string;
  readonly evict: boolean;
  readonly wait: boolean;
  readonly allow: readonly string[];
  readonly strict: boolean;
  readonly skip: readonly string[];
  /** Of the policy in force. */
  readonly policy?: string | null;
}

/** Hex SHA-256 over API server, user, options, uids and findings above note as (check, code, severity, uids); null for a refused plan. */
export const digestOf = (plan: Plan, scope: DigestScope): string | null => {
  if (plan.verdict === 'refuse') return null;
  const targets = plan.targets
    .map((t) => ({
      uid: t.target.ref.uid,
      findings: t.findings
        .filter((f) => f.severity !== 'note')
        .map((f) => [f.check, f.check === 'policy' ? idOf(f) : f.code, f.severity, ...f.finding.objects.map((o) => o.uid ?? o.name).toSorted()].join(' '))
        .toSorted(),
    }))
    .toSorted((a, b) => (a.uid < b.uid ? -1 : 1));
  const covered = { server: scope.server, user: scope.user, grace: scope.gracePeriodSeconds, cascade: scope.cascade, evict: scope.evict, wait: scope.wait, allow: [...scope.allow].toSorted(), strict: scope.strict, skip: [...scope.skip].toSorted(), policy: scope.policy ?? undefined, targets };
  return createHash('sha256').update(JSON.stringify(covered)).digest('hex');
};
