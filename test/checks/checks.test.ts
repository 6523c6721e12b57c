import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { allCases } from './cases/all.ts';
import { judgeCase } from './case.ts';
import type { Case } from './case.ts';

const parts = (actual: Readonly<Record<string, unknown>>, expected: Readonly<Record<string, unknown>>): unknown => Object.fromEntries(Object.keys(expected).map((key) => [key, actual[key]]));

for (const { check, found, clear, unknown } of Object.values(allCases)) {
  const run = (c: Case): void => {
    test(c.says, async () => {
      const judged = await judgeCase(c);
      assert.deepEqual(judged.findings.map((f) => f.code).toSorted(), [...c.codes].toSorted(), 'codes');
      assert.deepEqual([...judged.unknown].toSorted(), [...(c.unknown ?? [])].toSorted(), 'unknown checks');
      if (c.data === undefined) return;
      const mine = judged.findings.filter((f) => f.check === check);
      assert.ok(mine.some((f) => {
        try {
          assert.deepEqual(parts({ ...f.data }, c.data ?? {}), c.data);
          return true;
        } catch {
          return false;
        }
      }), `no finding of ${check} has ${JSON.stringify(c.data)}: ${JSON.stringify(mine.map((f) => f.data))}`);
    });
  };
  describe(`${check} finds`, () => found.forEach(run));
  describe(`${check} stays quiet`, () => clear.forEach(run));
  describe(`${check} does not pass what it could not read`, () => unknown.forEach(run));
}
