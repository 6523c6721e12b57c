/** What every check has to bring along: words, a remedy, and cases that find each of its codes and cases that do not. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checks } from '../../src/checks/checks.ts';
import { checkIds, checksCatalogue } from '../../src/findings/catalogue.ts';
import type { Code } from '../../src/findings/finding.ts';
import type { CodeWords } from '../../src/findings/words.ts';
import { allCases } from '../checks/cases/all.ts';
import { judgeCase, judgedObject } from '../checks/case.ts';
import { target } from '../model/objects.ts';

const codesOf = (id: (typeof checkIds)[number]): readonly (readonly [Code, CodeWords<never>])[] => Object.entries(checksCatalogue[id].codes) as unknown as readonly (readonly [Code, CodeWords<never>])[];
const everyCode = checkIds.flatMap((id) => codesOf(id).map(([code]) => code));

test('the catalogue and the checks are the same list, in the same order', () => {
  assert.deepEqual(checks.map((c) => c.id), checkIds);
});

test('a code belongs to one check, and no code is the id of a check: --allow takes both', () => {
  assert.deepEqual(everyCode.filter((code, i) => everyCode.indexOf(code) !== i), []);
  assert.deepEqual(everyCode.filter((code) => (checkIds as readonly string[]).includes(code)), []);
});

test('ids and codes are words with dashes', () => {
  assert.deepEqual([...checkIds, ...everyCode].filter((id) => !/^[a-z]+(?:-[a-z]+)*$/u.test(id)), []);
});

for (const id of checkIds) {
  describe(id, () => {
    const { found, clear } = allCases[id];

    test('says what it looks at, in one line without a period', () => {
      assert.match(checksCatalogue[id].looksAt, /^[^\n]{8,}[^.\n]$/u);
    });

    test('has cases of its own that find something and cases that do not', () => {
      assert.equal(allCases[id].check, id);
      assert.ok(found.length > 0 && clear.length > 0);
      const sentences = [...found, ...clear, ...allCases[id].unknown].map((c) => c.says);
      assert.equal(new Set(sentences).size, sentences.length, 'each case has a sentence of its own');
    });

    for (const [code, words] of codesOf(id)) {
      test(`${code} is found by a case, and every message and remedy reads as a sentence`, async () => {
        const cases = found.filter((c) => c.codes.includes(code));
        assert.ok(cases.length > 0, 'no case finds it');
        assert.match(words.means, /^[A-Z].*\.$/su);
        for (const c of cases) {
          const judged = await judgeCase(c);
          const findings = judged.findings.filter((f) => f.code === code);
          assert.ok(findings.length > 0);
          for (const finding of findings) {
            const data = finding.data as never;
            const { ref } = target(judgedObject(c), c.kinds);
            const message = words.message(data, ref);
            const remedy = words.remedy(data, ref);
            for (const text of [message, remedy]) {
              assert.doesNotMatch(text, /undefined|null|NaN|\[object/u);
              assert.doesNotMatch(text, /(?:^|\s)--[a-z]/u, 'flags are the printer\'s business');
            }
            // A denial quotes the server's own words.
            if (code !== 'denied') assert.match(message, /\.$/u);
            assert.match(remedy, /^[A-Z].*\.$/su);
            for (const command of words.commands?.(data, ref) ?? []) {
              assert.equal(command.argv[0], 'kubectl');
              assert.ok(command.why !== '' && command.argv.every((word) => word !== '' && word !== 'undefined' && word !== 'null'), command.argv.join(' '));
            }
          }
        }
      });
    }

    test('what cannot come back is never a note', () => {
      assert.deepEqual(codesOf(id).filter(([, w]) => w.irreversible === true && w.severity === 'note').map(([code]) => code), []);
    });
  });
}
