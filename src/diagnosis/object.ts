/** Why an object of any kind is still there: what its finalizers wait for. Pure. */
import type { FinalizersView } from '../facts/finalizers.ts';
import type { KubeObject } from '../model/wire.ts';
import type { WaitingOn } from './waiting-on.ts';

/** One finalizer as a reason to wait. */
export const onFinalizer = (name: string, views: FinalizersView): WaitingOn => {
  const known = views.finalizers.find((f) => f.name === name)?.known ?? null;
  return {
    kind: 'finalizer',
    name,
    message: known === null ? 'the controller that owns it has not removed it' : `${known.controller} waits for ${known.waitsFor}`,
    remedy: known === null ? 'Find the controller that owns it and see why it does not act; taking the finalizer off by hand skips the work that it stands for.' : `See why ${known.controller} does not act.`,
    objects: [],
  };
};

/** The finalizers of an object that is marked for deletion, each with what its controller waits for. */
export const waitingOnObject = (object: KubeObject, views: FinalizersView): readonly WaitingOn[] => {
  if (object.metadata.deletionTimestamp === undefined) return [];
  return (object.metadata.finalizers ?? []).map((name) =>
    name === 'foregroundDeletion'
      ? { kind: 'dependents' as const, name, message: 'its dependents go first (foreground deletion)', remedy: 'Look for a dependent that is stuck itself.', objects: [] }
      : onFinalizer(name, views),
  );
};
