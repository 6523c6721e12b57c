/** What holds for every run, whatever happened to it. Pure: what the run said, what the server saw, what is there now. */
import type { DeletionReport } from '../../src/report/wire.ts';
import type { RequestInfo } from '../embedded/request.ts';
import type { Served } from './server.ts';

export interface Evidence {
  readonly argv: readonly string[];
  readonly exitCode: number;
  /** null: the output holds none. */
  readonly report: DeletionReport | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly questions: number;
  readonly hasPerson: boolean;
  readonly interrupted: boolean;
  readonly served: readonly (Served & { readonly info: RequestInfo })[];
  /** By uid, before and after the run. */
  readonly before: ReadonlyMap<string, string>;
  readonly now: ReadonlyMap<string, string>;
  /** Milliseconds of driven time. */
  readonly took: number;
  readonly startedAt: number;
}

const uidIn = (body: string): string | null => {
  const parsed = JSON.parse(body === '' ? '{}' : body) as { readonly preconditions?: { readonly uid?: string }; readonly deleteOptions?: { readonly preconditions?: { readonly uid?: string } } };
  return parsed.preconditions?.uid ?? parsed.deleteOptions?.preconditions?.uid ?? null;
};

const isDryRun = (body: string): boolean => body.includes('"dryRun":["All"]');

const flag = (argv: readonly string[], name: string): string | null => {
  const found = argv.find((w) => w === name || w.startsWith(`${name}=`));
  return found === undefined ? null : found.slice(name.length + 1);
};

const fine = new Set(['deleted', 'already-gone', 'accepted', 'would-delete', 'nothing-matched']);

/** Every broken promise as a sentence. */
export const brokenPromises = (e: Evidence): readonly string[] => {
  const broken: string[] = [];
  const { argv, exitCode, report, served } = e;
  const writes = served.filter((s) => s.method !== 'GET' && s.info.target?.plural !== 'selfsubjectaccessreviews' && s.info.target?.plural !== 'selfsubjectreviews');
  const deletes = writes.filter((s) => !isDryRun(s.body));
  const dryRun = flag(argv, '--dry-run');
  if (dryRun !== null && deletes.length > 0) broken.push(`a dry run wrote: ${deletes.map((s) => s.url).join(', ')}`);
  if (dryRun === 'client' && writes.length > 0) broken.push('a client dry run asked the server to try');
  for (const s of writes) {
    const eviction = s.info.target?.subresource === 'eviction';
    if (s.method !== 'DELETE' && !eviction) broken.push(`a write that is no deletion: ${s.method} ${s.url}`);
    else if (uidIn(s.body) === null) broken.push(`a deletion without a uid: ${s.url}`);
    if (s.url.includes('?')) broken.push(`options in the query: ${s.url}`);
    if (s.info.verb === 'deletecollection') broken.push(`a whole collection: ${s.url}`);
  }
  if (argv.includes('--attach') && writes.length > 0) broken.push(`--attach wrote: ${writes.map((s) => `${s.method} ${s.url}`).join(', ')}`);
  if (argv.includes('--evict') && deletes.some((s) => s.method === 'DELETE')) broken.push('--evict turned into a DELETE');
  if (e.questions > 0 && (!e.hasPerson || argv.includes('-o') || argv.includes('--no-input'))) broken.push('it asked where nobody may be asked');
  if (/\n\s+at .*\(?(?:file:|node:|\/)/u.test(e.stderr)) broken.push('a stack trace on the screen');
  if (e.stdout.includes('internal error') || e.stderr.includes('internal error')) broken.push('an internal error');
  if (e.interrupted && exitCode === 130) return broken;
  if (report === null) {
    if (['json', 'ndjson'].includes(argv[argv.indexOf('-o') + 1] ?? '') && argv.includes('-o')) broken.push('no report');
    return broken;
  }
  if (report.exitCode !== exitCode) broken.push(`it exits ${exitCode}, and the report says ${report.exitCode}`);
  const named = new Set(report.targets.map((t) => t.ref.uid));
  for (const s of deletes) if (!named.has(uidIn(s.body))) broken.push(`deleted a uid that the plan does not name: ${s.url}`);
  const sent = new Set(deletes.map((s) => uidIn(s.body)));
  const stopped = report.targets.some((t) => ['blocked', 'declined'].includes(t.outcome));
  if (stopped && deletes.length > 0 && !argv.includes('--skip-blocked')) broken.push('one target was refused or not confirmed, and something was deleted');
  for (const t of report.targets) {
    const { uid, name } = t.ref;
    const there = uid !== null && e.now.has(uid);
    if (['deleted', 'already-gone', 'replaced'].includes(t.outcome) && there) broken.push(`${name} is ${t.outcome}, and it is there`);
    if (['not-attempted', 'declined', 'blocked', 'would-ask', 'would-delete', 'not-found', 'plan-changed', 'not-terminating'].includes(t.outcome) && sent.has(uid)) broken.push(`${name} is ${t.outcome}, and its DELETE was sent`);
    if (t.outcome === 'deleted' && t.goneAt === null) broken.push(`${name} is deleted, and nobody saw it go`);
    if (t.containers.some((c) => (c.exitCode === null) !== ['not-reported', 'never-started'].includes(c.verdict))) broken.push(`${name}: a verdict without its code`);
  }
  if (exitCode === 0 && (report.error !== null || report.targets.some((t) => !fine.has(t.outcome) && !(t.outcome === 'not-found' && flag(argv, '--ignore-not-found') !== null) && !(t.outcome === 'not-found' && argv.includes('--all'))))) broken.push(`exit 0 with ${report.targets.map((t) => t.outcome).join(', ')}`);
  if (exitCode !== 0 && report.error === null && report.targets.length > 0 && report.targets.every((t) => fine.has(t.outcome))) broken.push(`exit ${exitCode}, and all is well`);
  if (!report.deletionRequested && served.some((s) => deletes.includes(s) && s.code !== null && s.code < 300)) broken.push('a deletion was accepted, and the report says that none was requested');
  const first = deletes.length === 0 ? undefined : Math.min(...deletes.map((s) => s.at));
  // With --one-at-a-time it counts for each pod.
  const timeout = (report.options.timeoutSeconds ?? 0) * (argv.includes('--one-at-a-time') ? report.targets.length : 1);
  if (first !== undefined && timeout > 0) {
    const from = first - e.startedAt;
    if (e.took - from > timeout * 1000 + 1000) broken.push(`it ended ${Math.round(e.took - from)} ms after the first DELETE, with ${timeout} s`);
  }
  if (first === undefined && e.took > 130_000) broken.push(`it took ${e.took} ms to delete nothing`);
  return broken;
};
