/** Reads a report as a scenario speaks of it; what is not there fails with the words for it. */
import assert from 'node:assert/strict';
import type { ContainerEnd } from '../../src/events/event.ts';
import type { DeletionReport, WireFinding, WireTarget } from '../../src/report/wire.ts';
import type { PluginRun } from './plugin.ts';

export const reportOf = (run: PluginRun): DeletionReport => {
  assert.ok(run.report !== null, 'the run gave a report');
  return run.report;
};

/** The one target, or the one of this name. */
export const targetOf = (run: PluginRun, name?: string): WireTarget => {
  const { targets } = reportOf(run);
  const found = name === undefined ? targets : targets.filter((t) => t.ref.name === name);
  const [target] = found;
  assert.ok(target !== undefined && found.length === 1, `one target ${name ?? ''} in ${targets.map((t) => t.ref.name).join(', ')}`);
  return target;
};

export const containerOf = (target: WireTarget, name: string): ContainerEnd => {
  const found = target.containers.find((c) => c.name === name);
  assert.ok(found !== undefined, `container ${name} among ${target.containers.map((c) => c.name).join(', ')}`);
  return found;
};

export const findingOf = (target: WireTarget, code: string): WireFinding => {
  const found = target.findings.find((f) => f.code === code);
  assert.ok(found !== undefined, `finding ${code} among ${target.findings.map((f) => f.code).join(', ') || 'none'}`);
  return found;
};

export const codesOf = (target: WireTarget): readonly string[] => target.findings.map((f) => f.code);

export const checkOf = (target: WireTarget, id: string): WireTarget['checks'][number] => {
  const found = target.checks.find((c) => c.id === id);
  assert.ok(found !== undefined, `check ${id} among ${target.checks.map((c) => c.id).join(', ')}`);
  return found;
};

/** Phases happen in this order, with anything between. */
export const phasesInOrder = (target: WireTarget, ...wanted: readonly string[]): void => {
  const seen = target.timeline.map((e) => e.phase);
  let from = 0;
  for (const phase of wanted) {
    const at = (seen as readonly string[]).indexOf(phase, from);
    assert.ok(at !== -1, `${phase} in its order: ${wanted.join(', ')} among ${seen.join(', ')}`);
    from = at + 1;
  }
};

/** [name, code, verdict] of every container, in the report's order. */
export const endsOf = (target: WireTarget): readonly (readonly [string, number | null, string])[] => target.containers.map((c) => [c.name, c.exitCode, c.verdict]);

/** The run's exit code and outcome, and the report's targets' outcomes by name. */
export const ended = (run: PluginRun, code: number, outcome: string, targets?: Readonly<Record<string, string>>): void => {
  const report = reportOf(run);
  const said = report.error === null ? '' : ` (${report.error.code}: ${report.error.message})`;
  assert.deepEqual({ code: run.code, outcome: report.outcome }, { code, outcome }, `the run's end${said}`);
  if (targets !== undefined) assert.deepEqual(Object.fromEntries(report.targets.map((t) => [t.ref.name, t.outcome])), targets);
};

/** Seconds within a range. */
export const between = (value: number | null, low: number, high: number, what: string): void => {
  assert.ok(value !== null && value >= low && value <= high, `${what}: ${String(value)} is between ${low} and ${high}`);
};
