import type { Answer, ClusterPort } from '../cluster/port.ts';
import { inParallel } from '../model/in-parallel.ts';
import type { ClusterEvent } from '../model/wire.ts';

/** Up to this many objects of a namespace have their events read one by one; of more, the namespace's warnings are read at once. */
const ONE_BY_ONE = 4;
const PAGE = 500;

interface About {
  readonly namespace: string | null;
  readonly uid: string;
}

/** The events about these objects of one namespace. Those about cluster-scoped objects are kept in `default`. */
export const readEvents = async <W extends About>(
  reader: Pick<ClusterPort, 'list'>,
  wants: readonly W[],
  signal: AbortSignal,
  tell: (want: W, answer: Answer<readonly ClusterEvent[]>) => void,
): Promise<void> => {
  const list = async (namespace: string | null, fieldSelector: string): Promise<Answer<readonly ClusterEvent[]>> => {
    const answer = await reader.list({ group: '', version: 'v1', resource: 'events', namespace: namespace ?? 'default', name: null }, { fieldSelector, limit: PAGE, signal });
    return answer.ok ? { ...answer, value: answer.value.items as readonly ClusterEvent[] } : answer;
  };
  const [first] = wants;
  if (first === undefined) return;
  if (wants.length <= ONE_BY_ONE) {
    await inParallel(wants, ONE_BY_ONE, async (want) => tell(want, await list(want.namespace, `involvedObject.uid=${want.uid}`)));
    return;
  }
  const all = await list(first.namespace, 'type=Warning');
  for (const want of wants) tell(want, all.ok ? { ...all, value: all.value.filter((e) => e.involvedObject.uid === want.uid) } : all);
};
