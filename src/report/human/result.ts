/** How a run ended, for people: one line a target on stdout in kubectl's words, and what belongs to it. Made from the report alone. */
import { unreachable } from '../../model/unreachable.ts';
import type { Outcome } from '../../events/event.ts';
import { kindCountsText } from '../../findings/kind-counts.ts';
import { typeSlashName } from '../../model/ref.ts';
import type { DeletionReport, WireTarget } from '../wire.ts';
import { CODE_OF_OUTCOME } from '../exit-code.ts';
import { hintLines } from './hints.ts';
import { command, indented, leading, line, span, type Line } from './line.ts';
import { counted, fromNamespace, inNamespace, isBlockedForGood, passingFlags, periodText, quoted, secondsText } from './words.ts';

export interface ResultOptions {
  readonly dryRun: 'none' | 'client' | 'server';
  readonly ignoreNotFound: boolean;
  /** What --confirm has to be; null where no plan was made. */
  readonly confirmWord: string | null;
  /** Where the plan was not shown (machine formats), the reasons are told here. */
  readonly withReasons: boolean;
}

/** The lines of one target, and where they go: an object that is not there is an error of the server's, as with kubectl. */
export interface TargetResult {
  readonly to: 'stdout' | 'stderr';
  readonly lines: readonly Line[];
}

const dryRunText = (options: ResultOptions): string => (options.dryRun === 'none' ? '' : options.dryRun === 'server' ? ' (server dry run)' : ' (dry run)');

const goingOn = (target: WireTarget): string => (target.requestedAt === null && target.deadline === null ? 'it was not asked to go' : 'its deletion goes on in the cluster');

const errorLine = (target: WireTarget, report: DeletionReport): Line => {
  const { error } = target;
  if (error === null && report.error !== null) return line(span('error: ', 'red'), `${quoted(target.ref)}: the run failed; ${goingOn(target)}`);
  if (error === null) return line(span('error: ', 'red'), `${quoted(target.ref)}: the run ended without saying how; ${goingOn(target)}`);
  return line(span(error.reason === null ? 'error: ' : `Error from server (${error.reason}): `, 'red'), error.message);
};

const waitingLines = (target: WireTarget): readonly Line[] =>
  target.waitingOn.flatMap((w) => [
    leading(span('waits', 'yellow'), 'for ', span(`${w.kind} ${w.name}`.trim(), 'bold'), `: ${w.message}`),
    ...(w.remedy === '' ? [] : [leading(span(''), w.remedy)]),
    ...w.commands.map((c) => command(c.argv, c.why)),
    ...(w.danger === '' ? [] : [leading(span('danger', 'red'), w.danger)]),
    ...(w.lastResort === null ? [] : [command(w.lastResort.argv, w.lastResort.why)]),
  ]);

const replacementLines = (target: WireTarget): readonly Line[] => {
  const { replacement, requestedAt } = target;
  if (replacement === null) return [];
  // Times of the API have a resolution of a second: no tenths.
  const seconds = requestedAt === null || replacement.readyAt === null ? null : Math.round((Date.parse(replacement.readyAt) - Date.parse(requestedAt)) / 1000);
  const after = seconds === null ? '' : seconds < 1 ? ' within a second' : ` after ${periodText(seconds)}`;
  const state = replacement.ready ? `Ready${after}` : `not Ready yet${replacement.reason === null ? '' : ` (${replacement.reason})`}`;
  const again = replacement.ref.name === target.ref.name ? 'a new ' : '';
  return [indented(`replaced by ${again}`, span(typeSlashName(replacement.ref), 'bold'), `, ${state}`)];
};

const one = (counts: WireTarget['dependents']): boolean => counts.reduce((sum, d) => sum + d.count, 0) === 1;

/** What went along, is still on its way, or stays: known when the target itself is gone. */
const dependentsText = (target: WireTarget): string => {
  const of = (state: WireTarget['dependents'][number]['state']): WireTarget['dependents'] => target.dependents.filter((d) => d.state === state);
  const [going, left] = [of('going'), of('left-behind')];
  return [
    ...(going.length === 0 ? [] : [`; ${kindCountsText(going)} ${one(going) ? 'is' : 'are'} still going`]),
    ...(left.length === 0 ? [] : [`; ${kindCountsText(left)} ${one(left) ? 'stays' : 'stay'} without it`]),
  ].join('');
};

/** Of more targets than this the report tells it. */
const TRAFFIC_TARGETS = 3;
const TRAFFIC: ReadonlySet<string> = new Set(['not-ready-in-endpoints', 'removed-from-endpoints']);
/** A pod behind more Services than this has the others in the report. */
const TRAFFIC_LINES = 4;

/** When Services stopped sending it traffic, as far as their EndpointSlices tell. */
const trafficLines = (target: WireTarget): readonly Line[] =>
  target.timeline.filter((e) => TRAFFIC.has(e.phase)).slice(0, TRAFFIC_LINES).map((e) => indented(span('traffic: ', 'dim'), e.message));

const reasonLines = (target: WireTarget, options: ResultOptions): readonly Line[] =>
  options.withReasons
    ? [
        ...target.findings.filter((f) => f.severity !== 'note').flatMap((f) => [indented(`${f.check}/${f.code}: ${f.message}`), ...(f.remedy === '' ? [] : [indented(f.remedy)])]),
        ...target.checks.filter((c) => c.status === 'unknown').map((c) => indented(`${c.id} could not be checked${c.reason === null ? '' : `: ${c.reason}`}`)),
      ]
    : [];

/** What to pass for a run that was refused or not confirmed: once for all targets, because the run is decided as a whole. */
const flagLines = (report: DeletionReport, options: ResultOptions): readonly Line[] => {
  const outcomes = report.targets.map((t) => t.outcome);
  if (!outcomes.some((o) => o === 'blocked' || o === 'declined' || o === 'would-ask')) return [];
  const stuck = report.targets.filter(isBlockedForGood);
  if (stuck.length === report.targets.length) return [line('No flag allows this.')];
  if (stuck.length > 0) return [line(`No flag allows this for ${stuck.map((t) => quoted(t.ref)).join(', ')}: leave it out to delete the others.`)];
  const flags = span(passingFlags(report, options.confirmWord).join(' '), 'bold');
  return [line(outcomes.includes('blocked') ? 'To delete anyway, pass ' : 'To confirm, pass ', flags, '.')];
};

const blockersOf = (target: WireTarget): string => target.findings.filter((f) => f.severity === 'blocker').map((f) => `${f.check}/${f.code}`).join(', ');

const waitedFor = (target: WireTarget, report: DeletionReport): string =>
  target.requestedAt === null ? '' : ` after ${secondsText((Date.parse(report.finishedAt) - Date.parse(target.requestedAt)) / 1000)}`;

const notAttempted = (report: DeletionReport): string => {
  if (report.outcome === 'interrupted') return 'interrupted before it was asked to go';
  if (report.error !== null) return 'the run failed before';
  const others = report.targets.map((t) => t.outcome);
  if (others.includes('blocked')) return 'nothing is deleted while another target is blocked';
  if (others.includes('declined') || others.includes('would-ask')) return 'nothing is deleted while another target is not confirmed';
  return 'not attempted';
};

const headline = (target: WireTarget, report: DeletionReport, options: ResultOptions): readonly Line[] => {
  const who = quoted(target.ref);
  const suffix = dryRunText(options);
  const not = (why: string): Line => line(span(`${who} ${suffix === '' ? 'was' : 'would'} not ${suffix === '' ? '' : 'be '}deleted`, 'bold'), `: ${why}${suffix}`);
  const seconds = target.seconds === null ? '' : ` (${secondsText(target.seconds)})`;
  switch (target.outcome) {
    case 'deleted':
      return [line(span(`${who} ${report.options.gracePeriodSeconds === 0 ? 'force deleted' : 'deleted'}${fromNamespace(target.ref)}`, 'bold'), seconds, dependentsText(target))];
    case 'already-gone':
      return [line(span(`${who} was already gone${fromNamespace(target.ref)}`, 'bold'))];
    case 'accepted':
      return [line(span(`${who} deletion accepted${inNamespace(target.ref)}`, 'bold'), ', not waited for')];
    case 'nothing-matched':
      return [line('No resources found')];
    case 'would-delete':
      return [line(span(`${who} would be deleted${fromNamespace(target.ref)}`, 'bold'), suffix)];
    case 'would-ask':
      return [line(span(`${who} would be deleted${fromNamespace(target.ref)} after consent`, 'bold'), suffix)];
    case 'blocked':
      return [not(`blocked by ${blockersOf(target) || 'the plan'}`), ...reasonLines(target, options)];
    case 'declined':
      return [not(target.error?.message ?? 'not confirmed'), ...reasonLines(target, options)];
    case 'evict-refused':
      return [not(target.error?.message ?? 'the eviction was refused'), ...(target.waitingOn.length > 0 ? waitingLines(target) : [])];
    case 'not-attempted':
      // The run is decided as a whole: what nothing stands in the way of waits for the consent that others need.
      if (report.dryRun && target.error === null && report.error === null && !report.targets.some((t) => t.outcome === 'blocked')) return [line(span(`${who} would be deleted${fromNamespace(target.ref)} with the others`, 'bold'), suffix)];
      return [not(target.error?.message ?? notAttempted(report))];
    case 'replaced':
      return [not(target.error?.message ?? 'another object has its name now, with another uid')];
    case 'plan-changed':
      return [not(target.error?.message ?? 'the plan is not the one that was confirmed')];
    case 'not-terminating':
      return [line(span(`${who} is not terminating`, 'bold'))];
    case 'still-there':
      return [line(span(`${who} is still there${waitedFor(target, report)}`, 'bold'), `; ${goingOn(target)}`), ...waitingLines(target)];
    case 'unobserved':
      return [line(span(`${who} was asked to go, but its end could not be observed`, 'bold'), target.error === null ? '' : `: ${target.error.message}`), ...waitingLines(target)];
    case 'interrupted':
      return [line(span(`${who}: interrupted${waitedFor(target, report)}`, 'bold'), `; ${goingOn(target)}`)];
    case 'not-found':
    case 'failed':
      return [errorLine(target, report)];
    default:
      return unreachable(target.outcome);
  }
};

const TO_STDERR: ReadonlySet<Outcome> = new Set<Outcome>(['not-found', 'failed']);

/** What to say of one target. */
export const targetResult = (target: WireTarget, report: DeletionReport, options: ResultOptions): TargetResult => ({
  to: TO_STDERR.has(target.outcome) ? 'stderr' : 'stdout',
  lines: target.outcome === 'not-found' && options.ignoreNotFound ? [] : [...headline(target, report, options), ...(report.targets.length > TRAFFIC_TARGETS ? [] : trafficLines(target)), ...replacementLines(target), ...(target.outcome === 'deleted' || target.outcome === 'already-gone' ? waitingLines(target) : [])],
});

const REASON_OF_CODE: Readonly<Record<number, string>> = {
  1: 'something failed',
  2: 'a target is blocked',
  3: 'consent is missing',
  5: 'a target is not the object that was checked',
  6: 'a target was not found',
};

/** Why a run that deleted everything does not end with 0 (--exit-code-from, --require-clean-exit). */
const containerCodeLines = (report: DeletionReport): readonly Line[] => {
  if (report.exitCodeFrom !== null) return [line(`Exit code ${report.exitCode}: that of container ${report.exitCodeFrom}.`)];
  if (report.exitCode === 8) return [line('Exit code 8: a container ended badly.')];
  if (report.exitCode === 10) return [line('Exit code 10: a replacement was not Ready in time.')];
  return report.exitCode === 9 && report.outcome !== 'unobserved' ? [line('Exit code 9: the end of a container that counts was not reported.')] : [];
};

/** What stands after all targets: what to pass, the counts of several, and in a dry run the reason for a code that is not 0. */
export const closingLines = (report: DeletionReport, options: ResultOptions): readonly Line[] => {
  const outcomes = (Object.keys(CODE_OF_OUTCOME) as readonly Outcome[]).filter((o) => (report.summary[o] ?? 0) > 0);
  const counts = outcomes.map((o) => `${report.summary[o] ?? 0} ${o.replaceAll('-', ' ')}`).join(', ');
  return [
    ...(report.outcome === 'nothing-matched' && report.targets.length === 0 ? [line('No resources found')] : []),
    ...flagLines(report, options),
    ...hintLines(report),
    ...(report.targets.length > 1 ? [line(span(`${counted(report.targets.length, 'target')}: ${counts}`, 'bold'))] : []),
    ...containerCodeLines(report),
    ...(report.dryRun && report.exitCode !== 0 && report.error === null
      ? [line(span(`Exit code ${report.exitCode}: ${REASON_OF_CODE[report.exitCode] ?? report.outcome}.`, 'dim'))]
      : []),
  ];
};
