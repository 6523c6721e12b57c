/** One look, when the targets are gone, at what went with them: which of it is still there. */
import { facts } from '../facts/facts.ts';
import { lookingAt } from '../facts/fact.ts';
import type { Fact, View } from '../facts/fact.ts';
import { gather } from '../facts/gather.ts';
import type { Want } from '../facts/want.ts';
import type { Ref } from '../model/ref.ts';
import type { DependentCount, PlannedTarget } from '../plan/plan.ts';
import type { ExecuteInput } from './execution.ts';

const wantFor = (ref: Ref): Extract<Want, { type: 'object' }> => ({ type: 'object', kind: ref, namespace: ref.namespace, name: ref.name, metadataOnly: true });

/** What has gone and what has not, kind by kind; `isGone` null: nobody could tell. */
export const dependentsNow = (planned: readonly DependentCount[], hanging: readonly Ref[], isGone: (ref: Ref) => boolean | null): readonly DependentCount[] =>
  planned.flatMap((p): readonly DependentCount[] => {
    if (p.state !== 'going') return [p];
    const refs = hanging.filter((r) => r.group === p.group && r.kind === p.kind);
    const gone = refs.filter((r) => isGone(r) === true).length;
    return [
      ...(p.count > gone ? [{ ...p, count: p.count - gone }] : []),
      ...(gone > 0 ? [{ ...p, count: gone, state: 'gone' as const }] : []),
    ];
  });

/** Tells of each target what has become of its dependents. Bounded; what cannot be read is taken to be on its way still. */
export const tellDependents = async (targets: readonly PlannedTarget[], hanging: ReadonlyMap<string, readonly Ref[]>, input: ExecuteInput, timeoutMs: number): Promise<void> => {
  const { cascade } = input.options.deletion;
  const concerned = targets.filter((t) => (hanging.get(t.target.ref.uid) ?? []).length > 0);
  if (concerned.length === 0 || cascade === 'orphan') return;
  const refs = concerned.flatMap((t) => hanging.get(t.target.ref.uid) ?? []);
  const fact: Fact<View> = { rights: facts.dependents.rights, wants: () => refs.map(wantFor), view: () => ({ unread: [] }) };
  const given = { ...lookingAt(concerned.slice(0, 1).map((t) => t.target), input.serverNow()), cascade };
  const seen = await gather(input.port, [fact], given, { clock: input.clock, timeoutMs, signal: input.signal });
  const isGone = (ref: Ref): boolean | null => {
    const looked = seen.object(ref, ref.namespace, ref.name);
    return looked.state === 'absent' ? true : looked.state === 'found' ? looked.value.metadata.uid !== ref.uid : null;
  };
  for (const { target, dependents = [] } of concerned) {
    input.emit({ type: 'dependents', at: input.clock.now(), ref: target.ref, dependents: dependentsNow(dependents, hanging.get(target.ref.uid) ?? [], isGone) });
  }
};
