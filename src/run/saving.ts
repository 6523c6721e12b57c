/** --save: what goes is written to a folder before anything is deleted, or nothing is deleted. */
import { isContent, isGiven, isNamespaceKind } from '../facts/contents.ts';
import { lookingAt } from '../facts/fact.ts';
import type { Fact, View } from '../facts/fact.ts';
import { gather } from '../facts/gather.ts';
import { instancesWanted } from '../facts/instances.ts';
import type { Seen } from '../facts/want.ts';
import type { ServedKind } from '../discovery/served.ts';
import { fail, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import type { Files } from '../model/world.ts';
import type { Target } from '../model/target.ts';
import type { PlannedTarget } from '../plan/plan.ts';
import { folderProblem, save } from '../save/save.ts';
import type { Belonging } from '../save/save.ts';
import type { ExecuteInput } from './execution.ts';
import type { Prepared } from './prepare.ts';

export interface SavingInput extends ExecuteInput {
  readonly files: Files;
}

const refuse = ({ clock, emit, options }: ExecuteInput, message: string): void => {
  emit({ type: 'error', at: clock.now(), code: 'save-failed', message: `--save ${options.save ?? ''}: ${message}: nothing was deleted`, remedy: 'Name a folder that is new or empty and can be written, or leave --save out.' });
};

/** Looked at before anything else: nobody has to answer a question for a folder that cannot be used. */
export const mayBeSaved = async (input: SavingInput): Promise<boolean> => {
  if (input.options.save === null) return true;
  const problem = await folderProblem(input.files, input.options.save);
  if (problem !== null) refuse(input, problem);
  return problem === null;
};

const served: Fact<View> = { rights: [], wants: () => [{ type: 'served' }], view: () => ({ unread: [] }) };

/** The kinds that a namespace may hold, as the server lists them; a group that does not answer may hold anything. */
const contentKinds = async (targets: readonly Target[], input: ExecuteInput): Promise<Result<readonly ServedKind[], string>> => {
  const given = lookingAt(targets.slice(0, 1), input.serverNow());
  const seen: Seen = await gather(input.port, [served], given, { clock: input.clock, timeoutMs: input.options.checkTimeoutMs, signal: input.signal });
  const looked = seen.served();
  if (looked.state !== 'found') return fail(looked.state === 'unread' ? looked.unread.why : 'the kinds of the server could not be read');
  const [stale] = looked.value.stale;
  return stale === undefined ? ok(looked.value.kinds.filter(isContent)) : fail(`the API server of ${stale} does not answer, so what it holds could not be read`);
};

const nothingLeftOut = (): boolean => false;

const belongingOf = ({ target, recreatedBy }: PlannedTarget, prepared: Prepared, kinds: readonly ServedKind[], cascade: string): Belonging => {
  const base = { target, isRecreated: recreatedBy !== null, hanging: cascade === 'orphan' ? [] : (prepared.hanging.get(target.ref.uid) ?? []), collections: [], leavesOut: nothingLeftOut };
  if (isNamespaceKind(target.ref)) {
    const byPlace = new Map(kinds.map((k) => [`${k.group}/${k.resource}`, k]));
    return {
      ...base,
      collections: kinds.map((kind) => ({ kind, namespace: target.ref.name })),
      leavesOut: (kind, object) => {
        const known = byPlace.get(`${kind.group}/${kind.resource}`);
        return known !== undefined && isGiven(known, object);
      },
    };
  }
  const instances = instancesWanted(target);
  const kind = (target.object as { readonly spec?: { readonly names?: { readonly kind?: string } } }).spec?.names?.kind;
  return instances === null || kind === undefined ? base : { ...base, collections: [{ kind: { ...instances.kind, kind }, namespace: null }] };
};

/** Saves what goes, or in a dry run says what would be saved. false: it failed, and was told. */
export const saveAll = async (prepared: Prepared, going: readonly PlannedTarget[], input: SavingInput): Promise<boolean> => {
  const { clock, emit, options, port, signal } = input;
  if (options.save === null || going.length === 0) return true;
  const dryRun = options.dryRun !== 'none';
  if (!dryRun) emit({ type: 'heartbeat', at: clock.now(), message: `saving to ${options.save}` });
  const targets = going.map((t) => t.target);
  const kinds = targets.some((t) => isNamespaceKind(t.ref)) ? await contentKinds(targets, input) : ok([]);
  if (!kinds.ok) {
    refuse(input, kinds.error);
    return false;
  }
  const belongings = going.map((t) => belongingOf(t, prepared, kinds.value, options.deletion.cascade));
  const saved = await save(port, input.files, { dir: options.save, secrets: options.saveSecrets, dryRun, belongings }, signal);
  if (!saved.ok) {
    if (!saved.aborted) refuse(input, saved.message);
    return false;
  }
  for (const { ref, paths, notSaved } of saved.targets) emit({ type: 'saved', at: clock.now(), ref, paths, notSaved });
  return true;
};
