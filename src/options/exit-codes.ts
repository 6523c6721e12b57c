/** The exit codes as the public interface promises them, in the order of its table. */
export interface ExitCodeRow {
  readonly codes: readonly number[];
  /** Outcomes that give it, as people read them. */
  readonly outcomes: string;
  readonly requested: string;
  /** A few words for the help. */
  readonly short: string;
}

export const exitCodes: readonly ExitCodeRow[] = [
  {
    codes: [0],
    outcomes: 'deleted, already-gone, accepted (`--wait=false`), nothing-matched; dry run: would-delete',
    requested: 'yes, or nothing to do',
    short: 'deleted, or already gone; dry run: it would be deleted',
  },
  { codes: [1], outcomes: 'failed, not-terminating, usage, connection or internal error', requested: 'see the report', short: 'usage, connection or internal error' },
  { codes: [2], outcomes: 'blocked; evict-refused (budget refused until `--timeout`)', requested: 'no', short: 'blocked, or an eviction refused; nothing was deleted' },
  {
    codes: [3],
    outcomes: 'declined (also: no terminal and no consent); dry run: would-ask',
    requested: 'no',
    short: 'not confirmed; nothing was deleted',
  },
  { codes: [4], outcomes: 'still-there at `--timeout`', requested: 'yes, going on', short: 'still there at --timeout; the deletion goes on' },
  { codes: [5], outcomes: 'replaced, plan-changed', requested: 'no', short: 'another object has the name now; nothing was deleted' },
  { codes: [6], outcomes: 'not-found (without `--ignore-not-found`)', requested: 'no', short: 'not found' },
  { codes: [7], outcomes: 'mixed', requested: 'at least one', short: 'several targets that ended differently' },
  { codes: [8], outcomes: 'deleted, but a container ended badly (`--require-clean-exit`)', requested: 'yes', short: 'deleted; a container ended badly (--require-clean-exit)' },
  { codes: [9], outcomes: 'unobserved, or a required container code was not reported', requested: 'yes', short: 'requested, but its end could not be observed' },
  { codes: [10], outcomes: 'deleted, replacement not Ready (`--until=ready`)', requested: 'yes', short: 'deleted; its replacement is not Ready (--until=ready)' },
  {
    codes: [129, 130, 141, 143],
    outcomes: 'interrupted by that signal; the report says whether the deletion goes on',
    requested: 'see the report',
    short: 'interrupted by that signal',
  },
];
