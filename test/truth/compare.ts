/** Holds what the report says of one container against what containerd recorded and what the API last showed. Pure. */
import type { ContainerEnd } from '../../src/events/event.ts';
import type { TaskExit } from '../cluster/tasks.ts';
import type { SeenStatus } from './recorder.ts';

export interface Evidence {
  /** Of this container, oldest first. */
  readonly ids: readonly string[];
  readonly exits: readonly TaskExit[];
  /** The last that the API showed; undefined: nothing. */
  readonly last: SeenStatus | undefined;
  /** When the deletion was requested; null: not known. */
  readonly requestedAt: number | null;
}

const bare = (id: string): string => id.replace('containerd://', '');
const second = (time: Date | string): number => Math.floor(new Date(time).getTime() / 1000);

/** Reasons of the kubelet for codes that no process ended with. */
const noProcess = new Set(['StartError', 'ContainerCannotRun']);

/** What is wrong with the report; null: it tells the truth. */
export const wrongWith = (said: ContainerEnd, { ids, exits, last, requestedAt }: Evidence): string | null => {
  const shown = [last?.state?.terminated, last?.lastState?.terminated].filter((t) => t !== undefined).filter((t) => (t.containerID ?? '') !== '' && Date.parse(t.finishedAt ?? '') > 0);
  const recorded = exits.filter((e) => ids.map(bare).includes(e.containerId));
  const account = `said ${said.verdict} ${String(said.exitCode)} at ${String(said.finishedAt)}; containerd: ${recorded.map((e) => `${e.exitCode} at ${e.exitedAt.toISOString()}`).join(', ') || 'no end'}; the API: ${JSON.stringify(last ?? null)}`;
  if (said.exitCode === null) {
    if (said.verdict === 'never-started') return recorded.length === 0 ? null : `it did run: ${account}`;
    if (said.verdict !== 'not-reported') return `no code, and not \`not-reported\`: ${account}`;
    return last?.state?.terminated !== undefined && shown.includes(last.state.terminated) ? `the cluster did report it: ${account}` : null;
  }
  if (noProcess.has(said.reason ?? '')) return said.verdict === 'start-failed' && recorded.every((e) => e.exitCode === said.exitCode) ? null : `a start that failed: ${account}`;
  const reported = shown.find((t) => t.finishedAt === said.finishedAt);
  if (reported === undefined) return `the API shows no such end: ${account}`;
  const truth = recorded.find((e) => e.containerId === bare(reported.containerID ?? ''));
  if (truth === undefined) return `containerd has no such end: ${account}`;
  if (truth.exitCode !== said.exitCode) return `another code: ${account}`;
  if (Math.abs(second(truth.exitedAt) - second(said.finishedAt ?? '')) > 1) return `another time: ${account}`;
  const newest = recorded.toSorted((a, b) => a.exitedAt.getTime() - b.exitedAt.getTime()).at(-1);
  if (newest !== truth && shown.some((t) => bare(t.containerID ?? '') === newest?.containerId)) return `an older end than the last reported one: ${account}`;
  if (requestedAt !== null && Math.abs(truth.exitedAt.getTime() - requestedAt) > 1500 && said.endedBefore !== truth.exitedAt.getTime() < requestedAt) return `ended ${said.endedBefore ? 'before' : 'after'} the request, it says: ${account}`;
  return null;
};
