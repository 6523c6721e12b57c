import assert from 'node:assert/strict';
import { test } from 'node:test';
import { play, reportOfRun } from './play.ts';
import { RUNS } from './runs/all.ts';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import { assertValidEvent, assertValidReport, strictly, tolerantly } from './valid-report.ts';

const asJson = (value: unknown): Record<string, unknown> => JSON.parse(JSON.stringify(value)) as Record<string, unknown>;

for (const run of RUNS) {
  test(`the report of ${run.name} is valid against the strict schema, and so is every ndjson line`, async () => {
    assertValidReport(asJson(reportOfRun(run)));
    const { world } = await play(run, { output: 'ndjson', color: 'auto', plain: false, columns: undefined });
    const lines = world.stdout.text().trimEnd().split('\n').map((line): unknown => JSON.parse(line));
    const report = lines.pop();
    assertValidReport(report);
    for (const line of lines) assertValidEvent(line);
    assert.deepEqual(report, asJson(reportOfRun(run)), 'the last line is the report');
  });
}

const accepts = (validate: ValidateFunction, json: unknown): boolean => validate(json);

const [some] = RUNS;
const report = (): Record<string, unknown> => (some === undefined ? {} : asJson(reportOfRun(some)));

test('a reader of today accepts a report of tomorrow: unknown fields, values and codes', () => {
  const later = { ...report(), newField: 1, outcome: 'frozen' };
  assert(accepts(tolerantly.report, later), JSON.stringify(tolerantly.report.errors));
  assert(!accepts(strictly.report, later));
});

test('the schema refuses a report without a field that users rely on, or with another type', () => {
  for (const field of ['exitCode', 'goesOn', 'targets', 'summary', 'error', 'planDigest']) {
    const { [field]: _gone, ...rest } = report();
    assert(!accepts(tolerantly.report, rest), field);
  }
  assert(!accepts(tolerantly.report, { ...report(), exitCode: '0' }));
  assert(!accepts(tolerantly.report, { ...report(), startedAt: 'Sat Nov 21 2026' }));
  assert(!accepts(tolerantly.report, { ...report(), apiVersion: 'kubectl-safe-delete/v2' }));
});

test('an event line without the fields of its type is refused', () => {
  const line = { apiVersion: 'kubectl-safe-delete/v1', kind: 'Event', type: 'phase', at: '2026-11-21T12:00:00Z', ref: null };
  assert(!accepts(tolerantly.event, line));
  assert(accepts(strictly.event, { ...line, phase: 'gone', evidence: 'observed', message: 'gone' }), JSON.stringify(strictly.event.errors));
  assert(!accepts(strictly.event, { ...line, phase: 'vanished', evidence: 'observed', message: 'gone' }));
  assert(!accepts(strictly.event, { ...line, phase: 'gone', evidence: 'observed', message: 'gone', more: 1 }));
  assert(accepts(tolerantly.event, { ...line, type: 'coffee', cups: 2 }), 'a type of a later version');
});
