/** Which recorded runs are shown on a real terminal, and how. */
import { RUNS } from '../report/runs/all.ts';
import type { RecordedRun } from '../report/runs/made.ts';

export interface Shown {
  /** The golden file's name, without its ending. */
  readonly name: string;
  readonly run: string;
  readonly columns: number;
  readonly rows: number;
  readonly color: 'always' | 'never';
  /** Seconds after the start at which the screen is kept, in order; the end comes last. */
  readonly moments: readonly number[];
  /** At this moment, after it was kept, the terminal gets this width. */
  readonly resize: { readonly at: number; readonly columns: number } | null;
}

export const runNamed = (name: string): RecordedRun => {
  const run = RUNS.find((r) => r.name === name);
  if (run === undefined) throw new Error(`no recorded run ${name}`);
  return run;
};

/** One pod with three containers, a finalizer that nobody removes, thirty pods, a plan that is refused. */
const SHOWN = ['three-containers', 'finalizer-still-there', 'thirty-pods', 'two-targets-one-blocked'] as const;

export const SCREENS: readonly Shown[] = [
  ...SHOWN.flatMap((run) =>
    [40, 80, 160].flatMap((columns) =>
      (['never', 'always'] as const).map((color): Shown => ({ name: `${run}.${columns}${color === 'always' ? '.color' : ''}`, run, columns, rows: 24, color, moments: runNamed(run).moments ?? [], resize: null })),
    ),
  ),
  { name: 'three-containers.narrowed', run: 'three-containers', columns: 100, rows: 24, color: 'never', moments: [3, 3.4, 5], resize: { at: 3, columns: 50 } },
  { name: 'thirty-pods.widened', run: 'thirty-pods', columns: 50, rows: 24, color: 'never', moments: [3, 3.5], resize: { at: 3, columns: 100 } },
  { name: 'thirty-pods.small', run: 'thirty-pods', columns: 60, rows: 8, color: 'never', moments: [3, 34], resize: null },
];
