/** The plan for people: where, what, what was found, how long it can take. Short when there is nothing to decide. */
import { qualified, typeSlashName } from '../../model/ref.ts';
import { kindCountsText } from '../../findings/kind-counts.ts';
import type { Pod } from '../../model/wire.ts';
import { hookText, stopOf, type PodStop } from '../../model/stop.ts';
import { unreachable } from '../../model/unreachable.ts';
import { idOf } from '../../plan/plan.ts';
import type { CheckResult, MissingRight, Plan, PlannedFinding, PlannedTarget } from '../../plan/plan.ts';
import type { RunHeader } from '../wire.ts';
import { alikeLines, grouped } from './alike.ts';
import { command, indented, leading, line, span, type Line, type Span } from './line.ts';
import { contextText, counted, periodText } from './words.ts';

/** More targets than this without a finding are counted, not listed. */
const LISTED = 10;
/** Notes of an ordinary target that are shown without being asked for. */
const NOTES = 2;

const LEADS = { blocker: span('blocker', 'red'), warning: span('warning', 'yellow'), note: span('note', 'dim') } as const;
const CONTINUED = span('');

const acceptedBy = (f: PlannedFinding): string => {
  if (f.severity === 'note') return '';
  if (f.pass !== null) return `; ${f.pass} accepts it`;
  return f.severity === 'blocker' ? '; nothing accepts it' : '';
};

/** A finding; of a note only what it says, unless everything is asked for. */
const findingLines = (f: PlannedFinding, full: boolean): readonly Line[] => {
  const bySite = f.changedBy === 'policy' ? [span(' (policy)', 'dim')] : [];
  const message: readonly (string | Span)[] = [...(f.irreversible ? [span('Cannot be undone: ', 'bold')] : []), f.message, ...bySite];
  if (f.severity === 'note' && !full) return [leading(LEADS.note, ...message)];
  if (f.severity === 'note') {
    const lowered = f.changedBy === 'marker' ? ' A warning, if it were not marked kubectl-safe-delete/ephemeral.' : '';
    const aside = `${f.remedy === '' ? '' : ` ${f.remedy}`}${lowered}`;
    return [leading(LEADS.note, ...message, ...(aside === '' ? [] : [span(aside, 'dim')])), ...f.commands.map((c) => command(c.argv, c.why))];
  }
  const lowered = f.changedBy === 'allow' ? ', a blocker that --allow lowered' : '';
  return [
    leading(LEADS[f.severity], ...message),
    ...(f.remedy === '' ? [] : [leading(CONTINUED, f.remedy)]),
    ...f.commands.map((c) => command(c.argv, c.why)),
    leading(CONTINUED, span(`${idOf(f)}${lowered}${acceptedBy(f)}`, 'dim')),
  ];
};

const rightText = (r: MissingRight): string => `${r.verb} ${qualified(r)}${r.namespace === null ? '' : ` in namespace ${r.namespace}`}`;

const checkLine = (check: CheckResult): readonly Line[] => {
  switch (check.status) {
    case 'unknown': {
      const rights = check.missingRights.map(rightText).join(', ');
      const reason = check.reason ?? 'it could not be made';
      // The server's sentences for a refused read say no more than the rights, and name the user again each time.
      if (rights !== '' && reason.split('; ').every((part) => part.includes(' is forbidden: '))) return [leading(span('unknown', 'yellow'), `${check.id}: you may not ${rights}`)];
      return [leading(span('unknown', 'yellow'), `${check.id}: ${reason}`, ...(rights === '' ? [] : [span(` (missing right: ${rights})`, 'dim')]))];
    }
    case 'skipped':
      return [leading(span('skipped', 'yellow'), `${check.id}${check.reason === null ? '' : `: ${check.reason}`}`)];
    case 'passed':
    case 'found':
    case 'not-applicable':
      return [];
    default:
      return unreachable(check.status);
  }
};

const podOf = (target: PlannedTarget): Pod | null => (target.target.ref.kind === 'Pod' && target.target.ref.group === '' ? target.target.object : null);

/** The stop signals of the pod's containers, where the API shows them (KEP-4960); else the default, which an image may override. */
const signalText = ({ first, last }: PodStop): string => {
  const signals = [...first, ...last].map((c) => c.signal);
  const known = [...new Set(signals.filter((s) => s !== null))];
  return signals.length > 0 && !signals.includes(null) ? known.join(' or ') : "SIGTERM, or the image's own stop signal";
};

/** `preStop (app: exec), then `. */
const hooksText = ({ first, last }: PodStop): string => {
  const hooks = [...first, ...last].flatMap((c) => (c.hook === null ? [] : [{ name: c.name, text: hookText(c.hook) }]));
  const [only, ...others] = hooks;
  if (only === undefined) return '';
  return others.length === 0 ? `${only.text}${first.length + last.length > 1 ? ` of ${only.name}` : ''}, then ` : `${hooks.map((h) => `${h.text} of ${h.name}`).join(', ')}, then `;
};

const graceOrigin = (header: RunHeader): string => (header.options.gracePeriodSeconds === null ? "the pod's own grace period" : '--grace-period');

/** How the pod will stop; empty for other kinds. */
const stopText = (target: PlannedTarget, header: RunHeader): string => {
  const pod = podOf(target);
  if (pod === null || target.gracePeriodSeconds === null) return '';
  if (target.gracePeriodSeconds === 0) return 'removed at once, without waiting for the kubelet';
  const stop = stopOf(pod);
  const hooks = hooksText(stop);
  const sidecars = stop.last.length === 0 ? '' : `; ${stop.last.length === 1 ? 'sidecar' : 'sidecars'} ${stop.last.map((c) => c.name).join(', then ')} last`;
  return `${hooks}${signalText(stop)}${sidecars}; SIGKILL after ${periodText(target.gracePeriodSeconds)} (${graceOrigin(header)}${hooks === '' ? '' : '; 2s more if preStop uses it up'})`;
};

const waitText = (plan: Plan, header: RunHeader): string => {
  if (!header.options.wait) return 'not waited for';
  return plan.timeoutSeconds === 0 ? 'waits without a limit' : `waits up to ${periodText(plan.timeoutSeconds)}`;
};

const isOrdinary = (t: PlannedTarget): boolean =>
  t.verdict === 'proceed' && t.findings.every((f) => f.severity === 'note') && t.checks.every((c) => c.status !== 'unknown' && c.status !== 'skipped');

const nameOf = (t: PlannedTarget, header: RunHeader): string => {
  const { ref } = t.target;
  const elsewhere = ref.namespace !== null && ref.namespace !== header.context.namespace ? ` in namespace ${ref.namespace}` : '';
  return `${typeSlashName(ref)}${elsewhere}`;
};

/** What the command does not name and what becomes of it. */
const dependentsText = (t: PlannedTarget): string => {
  const dependents = t.dependents ?? [];
  if (dependents.length === 0) return '';
  return `${dependents.some((d) => d.state === 'left-behind') ? 'stays without it' : 'goes with it'}: ${kindCountsText(dependents)}`;
};

const dependentsLines = (t: PlannedTarget): readonly Line[] => (dependentsText(t) === '' ? [] : [indented(dependentsText(t))]);

/** That line says what these notes would. */
const TOLD: ReadonlySet<string> = new Set(['dependents-go', 'left-behind']);

const shown = (t: PlannedTarget): readonly PlannedFinding[] => t.findings.filter((f) => !(TOLD.has(f.code) && f.severity === 'note' && (t.dependents ?? []).length > 0));

/** Notes that speak of the run, or of what nobody expects: said also where ordinary targets are only listed. */
const isTold = (f: PlannedFinding): boolean => f.check === 'scope' || f.code === 'made-again';

/** One of each code. */
const told = (targets: readonly PlannedTarget[]): readonly PlannedFinding[] => [...new Map(targets.flatMap((t) => t.findings.filter(isTold).map((f) => [f.code, f] as const)).toReversed()).values()];

const joined = (...parts: readonly string[]): string => parts.filter((p) => p !== '').join('; ');

/** Two lines, and at most two notes. */
const shortLines = (t: PlannedTarget, plan: Plan, header: RunHeader): readonly Line[] => {
  const passed = t.checks.filter((c) => c.status === 'passed' || c.status === 'found').length;
  const stop = plan.verdict === 'refuse' ? '' : joined(stopText(t, header), plan.targets.length === 1 ? waitText(plan, header) : '');
  const findings = shown(t).toSorted((a, b) => Number(isTold(b)) - Number(isTold(a)));
  const more = findings.length - NOTES;
  return [
    line(span(nameOf(t, header), 'bold'), `: ${counted(passed, 'check')}, nothing against it`),
    ...dependentsLines(t),
    ...(stop === '' ? [] : [leading(span(podOf(t) === null ? 'end' : 'stop', 'dim'), stop)]),
    ...findings.slice(0, NOTES).flatMap((f) => findingLines(f, false)),
    ...(more > 0 ? [leading(CONTINUED, span(`${counted(more, 'more note')}: --dry-run shows ${more === 1 ? 'it' : 'them'}`, 'dim'))] : []),
  ];
};

const SEVERITIES = ['blocker', 'warning', 'note'] as const;

const longLines = (t: PlannedTarget, plan: Plan, header: RunHeader, full: boolean): readonly Line[] => {
  const of = (severity: (typeof SEVERITIES)[number]): readonly Line[] => shown(t).filter((f) => f.severity === severity).flatMap((f) => findingLines(f, full));
  const passed = t.checks.filter((c) => c.status === 'passed').map((c) => c.id);
  // What is refused will not stop.
  const stop = plan.verdict === 'refuse' ? '' : joined(stopText(t, header), plan.targets.length === 1 ? waitText(plan, header) : '');
  return [
    line(span(nameOf(t, header), 'bold')),
    ...dependentsLines(t),
    ...of('blocker'),
    ...of('warning'),
    ...t.checks.flatMap(checkLine),
    ...of('note'),
    ...(stop === '' ? [] : [leading(span(podOf(t) === null ? 'end' : 'stop', 'dim'), stop)]),
    ...(passed.length === 0 ? [] : [leading(span('passed', 'dim'), span(passed.join(', '), 'dim'))]),
  ];
};

/** --until=ready where nothing comes after: it ends when they are gone, and says so before. */
const untilLines = (plan: Plan, header: RunHeader): readonly Line[] => {
  if (header.options.until !== 'ready') return [];
  const alone = plan.targets.filter((t) => t.verdict !== 'refuse' && t.recreatedBy === null);
  if (alone.length === 0) return [];
  const who = alone.length === plan.targets.length ? (alone.length === 1 ? 'it' : 'them') : alone.length > 3 ? `${alone.length} of them` : alone.map((t) => t.target.ref.name).join(', ');
  return [line(`Nothing will replace ${who}: --until=ready waits until ${alone.length === 1 ? 'it is' : 'they are'} gone.`)];
};

/**
 * What the block of a target says, without its own name: targets with the same are told together. What speaks of the whole run is told
 * with the first target, and the checks that passed are no difference.
 */
const alikeBy = (t: PlannedTarget, plan: Plan, header: RunHeader): string => {
  const { ref } = t.target;
  const findings = shown(t).filter((f) => f.check !== 'scope').map((f) => [f.severity, f.check, f.code, f.changedBy, f.pass, f.message]);
  const unmade = t.checks.filter((c) => c.status === 'unknown' || c.status === 'skipped').map((c) => [c.id, c.status, c.reason]);
  const text = JSON.stringify([findings, unmade, dependentsText(t), plan.verdict === 'refuse' ? '' : stopText(t, header), ref.group, ref.kind, ref.namespace]);
  return text.split(ref.name).join('\0');
};

const footer = (plan: Plan, header: RunHeader): readonly Line[] => {
  if (plan.targets.length < 2) return [];
  const count = (verdict: PlannedTarget['verdict']): number => plan.targets.filter((t) => t.verdict === verdict).length;
  const parts = [
    [count('refuse'), 'blocked'],
    [count('confirm'), 'that cannot be undone'],
    [count('ask'), 'to confirm'],
    [count('proceed'), `with nothing against ${count('proceed') === 1 ? 'it' : 'them'}`],
  ] as const;
  const verdicts = parts.filter(([n]) => n > 0).map(([n, words]) => `${n} ${words}`).join(', ');
  return [line(`${counted(plan.targets.length, 'target')}: ${verdicts}${plan.verdict === 'refuse' ? '' : `; ${waitText(plan, header)}`}`)];
};

const listLines = (ordinary: readonly PlannedTarget[], plan: Plan, header: RunHeader): readonly Line[] => {
  if (plan.targets.length <= 3) return ordinary.flatMap((t) => shortLines(t, plan, header));
  const more = ordinary.length - LISTED;
  return [
    ...ordinary.slice(0, LISTED).map((t) => line(span(nameOf(t, header), 'bold'), `: ${joined('nothing against it', dependentsText(t))}`)),
    ...(more > 0 ? [indented(span(`and ${more} more with nothing against them`, 'dim'))] : []),
    ...told(ordinary).flatMap((f) => findingLines(f, false)),
  ];
};

/** The lines of the plan. `full` shows every target and note with all that is known (a dry run, where the plan is the result). */
export const planLines = (plan: Plan, header: RunHeader, full: boolean): readonly Line[] => {
  if (plan.targets.length === 0) return [];
  const ordinary = full ? [] : plan.targets.filter(isOrdinary);
  const others = plan.targets.filter((t) => !ordinary.includes(t));
  return [
    line(contextText(header.context), ...((header.policy ?? null) === null ? [] : [`, policy ${header.policy?.file ?? ''}`])),
    ...grouped(others, (t) => alikeBy(t, plan, header)).flatMap(([first, rest]) => [...longLines(first, plan, header, full), ...alikeLines(first, rest)]),
    ...listLines(ordinary, plan, header),
    ...plan.missing.map((m) => line(span(typeSlashName(m.ref), 'bold'), ': not found')),
    ...untilLines(plan, header),
    ...footer(plan, header),
  ];
};
