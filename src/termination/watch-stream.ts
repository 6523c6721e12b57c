/** One watch connection from opening to end, whatever it watches. */
import type { Problem, WatchSignal } from '../cluster/port.ts';
import type { KubeObject } from '../model/wire.ts';

export interface StreamEnd {
  /** Where the next connection goes on; undefined: from the present state. */
  readonly resumeFrom: string | undefined;
  /** null: the server closed it in order. */
  readonly problem: Problem | null;
}

/** Reads it to its end and tells what it shows. `from`: the point that it was asked to start at. */
export const readWatch = async (stream: AsyncIterable<WatchSignal>, from: string | undefined, told: { readonly opened?: () => void; readonly changed: (object: KubeObject, deleted: boolean) => void }): Promise<StreamEnd> => {
  let resumeFrom = from;
  let problem: Problem | null = null;
  for await (const signal of stream) {
    switch (signal.type) {
      case 'opened':
        told.opened?.();
        break;
      case 'ADDED':
      case 'MODIFIED':
      case 'DELETED':
        resumeFrom = signal.object.metadata.resourceVersion ?? resumeFrom;
        told.changed(signal.object, signal.type === 'DELETED');
        break;
      case 'BOOKMARK':
        resumeFrom = signal.resourceVersion;
        break;
      case 'ended':
        problem = signal.problem;
        break;
    }
  }
  return { resumeFrom, problem };
};
