/** A finalizer that its controller has not taken off. The patch that would is printed for a person, guarded, and never sent. */
import type { FinalizerView } from '../facts/finalizers.ts';
import { latest } from '../facts/object-events.ts';
import type { Command } from '../findings/finding.ts';
import { kubectl } from './case.ts';
import type { Case } from './case.ts';
import { waitingFor } from './waiting-on.ts';
import type { WaitingOn } from './waiting-on.ts';

/** The patch fails unless it is still this object, and this finalizer in its place. */
export const guardedPatch = ({ target: { ref, object } }: Pick<Case, 'target'>, finalizer: string): Command | null => {
  const at = (object.metadata.finalizers ?? []).indexOf(finalizer);
  if (at < 0) return null;
  const path = `/metadata/finalizers/${at}`;
  const patch = [
    { op: 'test', path: '/metadata/uid', value: ref.uid },
    { op: 'test', path, value: finalizer },
    { op: 'remove', path },
  ];
  return kubectl('patch', ref, 'last resort: takes the finalizer off, and does nothing of what it stands for', '--type=json', '-p', JSON.stringify(patch));
};

const setBy = (f: FinalizerView): string => (f.setBy === null ? '' : `, set by ${f.setBy},`);

const whose = (f: FinalizerView): { readonly message: string; readonly remedy: string; readonly danger: string } => {
  const { known } = f;
  if (known !== null) {
    return { message: `${known.controller} waits for ${known.waitsFor}`, remedy: `See why ${known.controller} does not act.`, danger: `Taken off by hand, ${known.leaks}.` };
  }
  const danger = 'Taken off by hand, nothing of what its controller would clean up is cleaned up.';
  if (f.domain !== null && f.groupsRead && f.group === null) {
    return {
      message: `it${setBy(f)} has not been removed, and the cluster has no API of ${f.domain}: its controller seems not to be installed (any more)`,
      remedy: `Install the controller of ${f.domain} again and let it finish; it is the only one that knows what has to be cleaned up.`,
      danger,
    };
  }
  if (f.group !== null) return { message: `the controller of ${f.group}${setBy(f)} has not removed it`, remedy: `See that the controller of ${f.group} runs, and what its logs say of this object.`, danger };
  return { message: `the controller that owns it${setBy(f)} has not removed it`, remedy: 'Find the controller that owns it and see why it does not act; taking the finalizer off by hand skips the work that it stands for.', danger };
};

/** What the controller itself says of its failure, where it is known how it says it. */
const saidBy = (of: Case): string => {
  const failed = latest(of.views.objectEvents, 'VolumeFailedDelete');
  return failed === null ? '' : `; it reports: ${failed.message ?? ''}`;
};

/** Any finalizer of which nothing better is known. */
export const onFinalizer = (of: Case, name: string): WaitingOn => {
  const { target, views } = of;
  const view = views.finalizers.finalizers.find((f) => f.name === name) ?? { name, known: null, domain: null, group: null, groupsRead: false, leaderSilentSeconds: null, leaderDead: false, setBy: null };
  const { message, remedy, danger } = whose(view);
  return waitingFor({ kind: 'finalizer', name, message: `${message}${saidBy(of)}`, remedy, danger, commands: [kubectl('get', target.ref, `see who set ${name}, and what its controller says`, '-o', 'yaml', '--show-managed-fields')], lastResort: guardedPatch(of, name) });
};
