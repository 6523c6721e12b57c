/** What the live area shows: the state of the run at one moment as lines for a terminal of this size. Pure. */
import type { Phase } from '../../events/event.ts';
import { isPodKind } from '../../model/pod.ts';
import { typeSlashName } from '../../model/ref.ts';
import { stopOf, type ContainerStop } from '../../model/stop.ts';
import type { Pod } from '../../model/wire.ts';
import type { Millis } from '../../model/world.ts';
import type { RunState, TargetState } from '../fold.ts';
import { secondsBetween } from '../report.ts';
import { indented, line, paint, span, type Line, type Look, type Span } from './line.ts';
import { tableLines } from './table.ts';
import { counted, periodText, secondsText } from './words.ts';

/** How far a pod has come, by the phases seen of it. What is an estimate is marked by `~`, here as everywhere. */
const PROCESS: Readonly<Partial<Record<Phase, string>>> = {
  evicting: 'evicting',
  'eviction-refused': 'eviction refused',
  accepted: 'accepted',
  stopping: 'stopping',
  'pre-stop': 'preStop',
  'term-signal': 'SIGTERM',
  'containers-exited': 'ended',
  'cleaning-up': 'cleaning up',
  'waiting-for-finalizers': 'finalizers',
  'dependents-going': 'dependents',
  gone: 'gone',
};
const PROGRESS = Object.keys(PROCESS) as readonly Phase[];

/** Below this many columns the endpoints are not shown. */
const NARROW = 60;

/** The pod as the plan read it; null for other kinds and names that were not found. */
const podOf = (t: TargetState): Pod | null => (t.planned !== null && isPodKind(t.ref) ? t.planned.target.object : null);

/** `SIGTERM`, or what the containers have instead, where the API shows it. */
const signalName = (t: TargetState): string => {
  const pod = podOf(t);
  const names = [...new Set(pod === null ? [] : stopOf(pod).first.map((c) => c.signal ?? 'SIGTERM'))];
  return names.length === 1 ? names.join('') : 'SIGTERM';
};

const processOf = (t: TargetState): Span => {
  if (t.goneAt !== null) return span('gone', 'green');
  const furthest = PROGRESS.findLast((phase) => t.timeline.some((entry) => entry.phase === phase));
  if (furthest === undefined) return span(t.requestedAt === null ? 'not requested' : 'requested', 'dim');
  const observed = t.timeline.some((entry) => entry.phase === furthest && entry.evidence === 'observed');
  const name = furthest === 'term-signal' ? signalName(t) : (PROCESS[furthest] ?? furthest);
  return observed ? span(name) : span(`~${name}`, 'dim');
};

const endpointsOf = (t: TargetState): Span => {
  const seen = (phase: Phase): boolean => t.timeline.some((entry) => entry.phase === phase);
  if (seen('removed-from-endpoints')) return span('removed');
  if (seen('not-ready-in-endpoints')) return span('not ready');
  return span(t.notObserved.some((n) => n.lane === 'traffic') ? '?' : '-', 'dim');
};

/**
 * The end of the grace period on the clock of this machine: deletionTimestamp is the server's clock, which may be another. A pod that
 * was terminating before has only that.
 */
const deadlineOf = (t: TargetState): Millis | null => {
  if (t.deadline === null || t.gracePeriodSeconds === null) return null;
  if (t.requestedAt === null) return Date.parse(t.deadline);
  const earlier = t.planned?.findings.some((f) => f.check === 'terminating') ?? false;
  return earlier ? Date.parse(t.deadline) : t.requestedAt + t.gracePeriodSeconds * 1000;
};

const isOverdue = (t: TargetState, now: Millis): boolean => {
  const deadline = deadlineOf(t);
  return t.goneAt === null && deadline !== null && now > deadline;
};

const timeOf = (t: TargetState, now: Millis): Span => {
  if (t.goneAt !== null) return span(t.requestedAt === null ? '-' : `in ${secondsText(secondsBetween(t.requestedAt, t.goneAt))}`, 'dim');
  const deadline = deadlineOf(t);
  if (deadline === null) return span('-', 'dim');
  // Without a grace period there is nothing that it could be over: the mark is all.
  if ((t.gracePeriodSeconds ?? 0) === 0) return span(`for ${periodText(Math.max(0, (now - deadline) / 1000))}`);
  return now > deadline ? span(`overdue ${periodText((now - deadline) / 1000)}`, 'yellow') : span(`${periodText(Math.ceil((deadline - now) / 1000))} left`);
};

/** The first reason that it is still there; that its grace period runs is told by the time that is left. */
const reasonOf = (t: TargetState, now: Millis, named: boolean): readonly Line[] => {
  const [first] = t.waitingOn;
  if (first === undefined || first.kind === 'grace') return [];
  return [indented(span(`${named ? `${t.ref.name} ` : ''}waits for ${first.kind} ${first.name}: ${first.message}`, isOverdue(t, now) ? 'yellow' : 'plain'))];
};

/** What is known besides: why it is still there, its replacement. */
const detailsOf = (t: TargetState, now: Millis): readonly Line[] => [
  ...reasonOf(t, now, false),
  ...(t.replacement === null ? [] : [indented(span(`replacement ${typeSlashName(t.replacement.ref)}: ${t.replacement.ready ? 'Ready' : 'not Ready'}`, 'dim'))]),
];

/** SIGKILL comes when the grace period is over, 2 s later where preStop has used it up. */
const KILL_SLACK_SECONDS = 2;

/** Where a container is, by the one thing that shows it live, its log; all else is an estimate until its status brings the code. */
const containerState = (t: TargetState, c: ContainerStop, before: readonly ContainerStop[], now: Millis): readonly [Span, Span] => {
  const none = span('');
  const end = t.containers.find((e) => e.name === c.name);
  if (end?.exitCode !== undefined && end.exitCode !== null) return [span(`exit ${end.exitCode}`), end.secondsAfterRequest === null ? none : span(`after ${Math.round(end.secondsAfterRequest)}s`, 'dim')];
  if (end !== undefined) return [span('not reported', 'yellow'), none];
  const logEnd = t.logEnds.get(c.name);
  if (logEnd !== undefined) return [span('log ended'), t.requestedAt === null ? none : span(`after ${secondsText(secondsBetween(t.requestedAt, logEnd))}`, 'dim')];
  const deadline = deadlineOf(t);
  if (deadline === null || t.goneAt !== null || t.gracePeriodSeconds === 0) return [span('-', 'dim'), none];
  if (now > deadline + KILL_SLACK_SECONDS * 1000) return [span('~SIGKILL', 'dim'), none];
  const running = (o: ContainerStop): boolean => o.running && !t.logEnds.has(o.name);
  if (before.some(running) && now <= deadline) return [span(`~after ${before.find(running)?.name ?? ''}`, 'dim'), none];
  const passed = (now - (deadline - (t.gracePeriodSeconds ?? 0) * 1000)) / 1000;
  const hooked = c.hook !== null && now <= deadline && (c.hook.seconds === null || passed < c.hook.seconds);
  return [span(hooked ? '~preStop' : `~${c.signal ?? 'SIGTERM'}`, 'dim'), none];
};

/** The containers of a pod that has several, in the order in which they are asked to stop. */
const containerRows = (t: TargetState, now: Millis, wide: boolean): readonly (readonly Span[])[] => {
  const pod = podOf(t);
  if (pod === null) return [];
  const { first, last } = stopOf(pod);
  const running = [...first, ...last].filter((c) => c.running);
  if (running.length < 2) return [];
  return running.map((c) => {
    const place = last.indexOf(c);
    // Of those that stop before it, the one right before it is what it waits for, once the main containers have ended.
    const [process, time] = containerState(t, c, place < 0 ? [] : [...first, ...last.slice(0, place)], now);
    return [span(`  ${c.name}${c.type === 'app' ? '' : ` (${c.type})`}`), ...(wide ? [span('')] : []), process, time];
  });
};

const table = (targets: readonly TargetState[], now: Millis, look: Look, withContainers = false): readonly string[] => {
  if (targets.length === 0) return [];
  const wide = (look.columns ?? 80) >= NARROW;
  const row = (t: TargetState): readonly Span[] => [span(typeSlashName(t.ref), 'bold'), ...(wide ? [endpointsOf(t)] : []), processOf(t), timeOf(t, now)];
  const rows = targets.flatMap((t) => [row(t), ...(withContainers ? containerRows(t, now, wide) : [])]);
  return tableLines(wide ? ['NAME', 'ENDPOINTS', 'PROCESS', 'TIME'] : ['NAME', 'PROCESS', 'TIME'], rows, look, 2);
};

/** Overdue first, what is gone last: the top of the list is what a person should look at. */
const rank = (t: TargetState, now: Millis): number => (t.goneAt !== null ? 2 : isOverdue(t, now) ? 0 : 1);

const counts = (targets: readonly TargetState[]): string => {
  const byProcess = new Map<string, number>();
  for (const t of targets) byProcess.set(processOf(t).text, (byProcess.get(processOf(t).text) ?? 0) + 1);
  return [...byProcess].map(([process, count]) => `${count} ${process}`).join(', ');
};

const textOf = (lines: readonly Line[], look: Look): readonly string[] => lines.flatMap((l) => paint(l, look).split('\n'));

const followed = (state: RunState): readonly TargetState[] => state.targets.filter((t) => !t.missing);

/** The area while the run goes on: at most `rows` lines, the first after the spinner. */
export const liveText = (state: RunState, now: Millis, look: Look, rows: number): string => {
  const targets = followed(state);
  const started = Math.min(now, ...targets.flatMap((t) => (t.requestedAt === null ? [] : [t.requestedAt])), ...(targets.length === 1 ? targets.flatMap((t) => t.timeline.slice(0, 1).map((entry) => Date.parse(entry.at))) : []));
  const [only, ...others] = targets;
  const what = only !== undefined && others.length === 0 ? typeSlashName(only.ref) : `${counted(targets.length, 'target')}: ${counts(targets)}`;
  const narrower: Look = { color: look.color, columns: look.columns === undefined ? undefined : look.columns - 2 };
  const head = textOf([line(state.header.attach === true ? 'Following ' : 'Deleting ', what, span(`  ${periodText(secondsBetween(started, now))}`, 'dim'))], narrower);
  const room = rows - head.length - 1;
  if (targets.length + 1 <= room) {
    const single = only !== undefined && others.length === 0;
    const details = textOf(single ? detailsOf(only, now) : targets.flatMap((t) => reasonOf(t, now, true)), look);
    const full = table(targets, now, look, single);
    // Containers first give way where the screen is small.
    const shown = full.length <= room ? full : table(targets, now, look);
    return [...head, ...shown, ...details.slice(0, Math.max(0, room - shown.length))].join('\n');
  }
  const shown = targets.toSorted((a, b) => rank(a, now) - rank(b, now));
  const reasons = textOf(shown.flatMap((t) => reasonOf(t, now, true)), look).slice(0, Math.floor(room / 3));
  const fitting = Math.max(0, room - 2 - reasons.length);
  const hidden = shown.slice(fitting);
  return [...head, ...table(shown.slice(0, fitting), now, look), ...textOf([indented(span(`and ${hidden.length} more: ${counts(hidden)}`, 'dim'))], look), ...reasons].join('\n');
};

/** The area when the run is over, which stays on the screen: the table alone, because the result comes below it. */
export const lastText = (state: RunState, now: Millis, look: Look, rows: number): string => {
  const targets = followed(state);
  return targets.length + 1 > rows ? '' : table(targets, now, look).join('\n');
};
