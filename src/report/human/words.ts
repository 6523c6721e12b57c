/** Small words that several views share. kubectl's own where it has them. */
import type { Ref } from '../../model/ref.ts';
import { shellWord } from './line.ts';
import type { DeletionReport, ReportContext, WireTarget } from '../wire.ts';

/** `pod "web-1"`, `statefulset.apps "db"`: as kubectl names an object in a sentence (kubectl pkg/cmd/delete PrintObj). */
export const quoted = (ref: Ref): string => `${ref.kind.toLowerCase()}${ref.group === '' ? '' : `.${ref.group}`} "${ref.name}"`;

/** ` from shop namespace`; nothing for a cluster-scoped object. */
export const fromNamespace = (ref: Ref): string => (ref.namespace === null ? '' : ` from ${ref.namespace} namespace`);

export const inNamespace = (ref: Ref): string => (ref.namespace === null ? '' : ` in ${ref.namespace} namespace`);

/** `2.4s`, `95s`: tenths below a minute, because a stop is often a matter of tenths. */
export const secondsText = (seconds: number): string => (seconds < 60 ? `${seconds.toFixed(1)}s` : `${Math.round(seconds)}s`);

/** `30s`, `2m`, `1m30s`: a whole period, as kubectl's flags are written. */
export const periodText = (seconds: number): string => {
  const minutes = Math.floor(seconds / 60);
  const rest = Math.round(seconds - minutes * 60);
  if (minutes === 0 || seconds < 120 && rest !== 0) return `${Math.round(seconds)}s`;
  return rest === 0 ? `${minutes}m` : `${minutes}m${rest}s`;
};

/** `1 pod`, `3 targets`. */
export const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

const hostOf = (server: string): string => (URL.canParse(server) ? new URL(server).host : server);

/** Where and as whom: the line that has to be right before anything is deleted. */
export const contextText = (context: ReportContext): string => {
  const host = context.server === null ? null : hostOf(context.server);
  const where = context.name === null ? `Server ${host ?? 'unknown'}` : `Context ${context.name}${host === null ? '' : ` (${host})`}`;
  return `${where}, user ${context.user ?? 'unknown'}${context.namespace === null ? '' : `, namespace ${context.namespace}`}`;
};

/** Whether a blocker of this target has no flag that lowers it. */
export const isBlockedForGood = (target: WireTarget): boolean => target.findings.some((f) => f.severity === 'blocker' && f.pass === null);

/** The flags that accept what stands in the way of the run as a whole, each once. */
export const passingFlags = (report: DeletionReport, confirmWord: string | null): readonly string[] => {
  const needing = report.targets.flatMap((t) => t.findings).filter((f) => f.severity !== 'note');
  const allows = needing.filter((f) => f.severity === 'blocker').map((f) => f.pass);
  // What --allow lowers is a warning then, and still needs consent.
  const typed = report.consent.needed === 'confirm' || needing.some((f) => f.irreversible);
  const passes = [...allows, typed && confirmWord !== null ? `--confirm ${shellWord(confirmWord)}` : '--yes'];
  return [...new Set(passes.filter((p) => p !== null))];
};
