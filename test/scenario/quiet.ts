/** An ordinary deletion as a scenario: it goes without consent flags and without a terminal, and nothing is above a note. */
import assert from 'node:assert/strict';
import type { ScenarioContext } from './context.ts';
import { reportOf } from './reading.ts';
import { scenario } from './scenario.ts';
import type { Need, Scenario } from './scenario.ts';

export interface Ordinary {
  readonly name: string;
  readonly needs?: readonly Need[];
  /** Brings about what the command speaks of, and gives the command. */
  readonly stage: (t: ScenarioContext) => Promise<readonly string[]>;
  /** Without -n of the scenario's own namespace. */
  readonly anywhere?: true;
  readonly outcome?: 'nothing-matched';
}

/** A warning on one of these is a defect, as bad as a missed danger. */
export const quietly = (ordinary: readonly Ordinary[]): readonly Scenario[] =>
  ordinary.map((o) =>
    scenario({
      id: 'quiet',
      name: o.name,
      ...(o.needs === undefined ? {} : { needs: o.needs }),
      run: async (t) => {
        const args = await o.stage(t);
        const run = await t.plugin([...args, '-o', 'json'], { timeoutMs: 120_000, ...(o.anywhere === true ? { namespace: null } : {}) });
        const report = reportOf(run);
        const loud = report.targets.flatMap((target) => target.findings.filter((f) => f.severity !== 'note').map((f) => `${target.ref.name}: ${f.code} (${f.severity}): ${f.message}`));
        assert.deepEqual(loud, [], 'nothing above a note');
        const unknown = report.targets.flatMap((target) => target.checks.filter((c) => c.status === 'unknown').map((c) => `${target.ref.name}: ${c.id}: ${c.reason ?? ''}`));
        assert.deepEqual(unknown, [], 'every check could be made');
        assert.deepEqual([run.code, report.consent.needed, report.outcome], [0, 'none', o.outcome ?? 'deleted'], report.error?.message);
      },
    }),
  );
