/** What a run's exit code becomes when it asks for more than the end of its objects: of containers, or Ready replacements. Pure. */
import type { ContainerEnd, ContainerVerdict } from '../events/event.ts';
import { isPodKind } from '../model/pod.ts';
import type { RunHeader, WireTarget } from './wire.ts';

/** Code 8: a container ended badly; 9: an end that is asked for was not reported. */
const ENDED_BADLY = 8;
const NOT_REPORTED = 9;
/** Code 10: a replacement that was waited for was not Ready in time. */
const REPLACEMENT_NOT_READY = 10;

const CLEAN: ReadonlySet<ContainerVerdict> = new Set(['exited-cleanly', 'ended-by-stop-signal']);

/** It ran when the deletion was requested: what had ended or never started is not the deletion's doing. */
const ranAtRequest = (c: ContainerEnd): boolean => !c.endedBefore && c.verdict !== 'never-started';

export interface InsteadOfZero {
  /** null: 0 stays 0. */
  readonly code: number | null;
  /** The container whose own code it is. */
  readonly from: string | null;
}

const nothing: InsteadOfZero = { code: null, from: null };

/** Only what replaces 0: for runs that deleted, or found everything gone. A dry run asks no container. */
export const insteadOfZero = (targets: readonly WireTarget[], header: Pick<RunHeader, 'dryRun' | 'exitCodeFrom' | 'requireCleanExit'>, replacementMissing = false): InsteadOfZero => {
  if (header.dryRun) return nothing;
  const ofContainers = codeOfContainers(targets, header);
  return ofContainers.code === null && replacementMissing ? { code: REPLACEMENT_NOT_READY, from: null } : ofContainers;
};

const codeOfContainers = (targets: readonly WireTarget[], header: Pick<RunHeader, 'exitCodeFrom' | 'requireCleanExit'>): InsteadOfZero => {
  const ended = targets.filter((t) => t.outcome === 'deleted' || t.outcome === 'already-gone');
  const name = header.exitCodeFrom ?? null;
  if (name !== null) {
    const [target] = ended;
    if (target === undefined) return nothing;
    const code = target.containers.find((c) => c.name === name)?.exitCode ?? null;
    return code === null ? { code: NOT_REPORTED, from: null } : { code, from: name };
  }
  if (header.requireCleanExit !== true) return nothing;
  const containers = ended.flatMap((t) => t.containers.filter(ranAtRequest));
  if (containers.some((c) => c.verdict !== 'not-reported' && !CLEAN.has(c.verdict))) return { code: ENDED_BADLY, from: null };
  // Of a pod whose end nobody saw (it had gone before, or --wait=false) no container is reported.
  const unseen = targets.some((t) => isPodKind(t.ref) && (t.outcome === 'already-gone' || t.outcome === 'accepted' || (t.outcome === 'deleted' && t.containers.length === 0)));
  const unreported = unseen || containers.some((c) => c.verdict === 'not-reported');
  return unreported ? { code: NOT_REPORTED, from: null } : nothing;
};
