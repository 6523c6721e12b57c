/** Objects of any kind as scenarios make, look at and delete them. */
import assert from 'node:assert/strict';
import type { WireTarget } from '../../src/report/wire.ts';
import type { Live, Manifest, Where } from './api.ts';
import type { ScenarioContext } from './context.ts';
import { codesOf, ended, findingOf, targetOf } from './reading.ts';

export const whereOf = (t: ScenarioContext, { apiVersion, kind }: Pick<Manifest, 'apiVersion' | 'kind'>): Where => ({ apiVersion, kind, namespace: t.namespace });

/** A name that no other scenario has, for objects without a namespace. */
export const own = (t: ScenarioContext, name: string): string => `${t.namespace}-${name}`;

/** Creates objects that go at the end whatever happens: those of the whole cluster do not go with the scenario's namespace. */
export const made = async (t: ScenarioContext, ...manifests: readonly Manifest[]): Promise<void> => {
  for (const manifest of manifests) {
    t.defer(async () => await t.api.delete(whereOf(t, manifest), manifest.metadata.name));
    await t.api.create(manifest, t.namespace);
  }
};

const there = async (t: ScenarioContext, manifest: Manifest): Promise<Live> => {
  const found = await t.api.find(whereOf(t, manifest), manifest.metadata.name);
  assert.ok(found !== undefined, `${manifest.kind} ${manifest.metadata.name} is there`);
  return found;
};

const word = ({ kind, metadata }: Manifest): string => `${kind.toLowerCase()}/${metadata.name}`;

/** Its deletion is asked about or refused for this reason, and it is the same object afterwards, never written. */
export const foundFor = async (t: ScenarioContext, manifest: Manifest, code: string, how: 'ask' | 'confirm' | 'block' = 'ask'): Promise<WireTarget> => {
  const before = await there(t, manifest);
  const run = await t.plugin([word(manifest), '--no-input', '-o', 'json', ...(how === 'ask' ? [] : ['-y'])]);
  ended(run, how === 'block' ? 2 : 3, how === 'block' ? 'blocked' : 'declined');
  const target = targetOf(run);
  const found = findingOf(target, code);
  assert.deepEqual([found.severity, found.irreversible], [how === 'block' ? 'blocker' : 'warning', how === 'confirm'], code);
  const now = await there(t, manifest);
  assert.deepEqual([now.metadata.uid, now.metadata.deletionTimestamp], [before.metadata.uid, undefined], 'it is untouched');
  return target;
};

/** It goes without a question, and nothing above a note is said. */
export const goesQuietly = async (t: ScenarioContext, manifest: Manifest, ...codes: readonly string[]): Promise<WireTarget> => {
  const run = await t.plugin([word(manifest), '--no-input', '-o', 'json']);
  ended(run, 0, 'deleted');
  const target = targetOf(run);
  assert.deepEqual(target.findings.filter((f) => f.severity !== 'note').map((f) => f.code), []);
  assert.deepEqual(target.checks.filter((c) => c.status === 'unknown').map((c) => c.id), [], 'every check could be made');
  for (const code of codes) assert.ok(codesOf(target).includes(code), `${code} among ${codesOf(target).join(', ')}`);
  assert.equal(await t.api.find(whereOf(t, manifest), manifest.metadata.name), undefined, 'it is gone');
  return target;
};

/** It goes once it has its consent. */
export const goesWith = async (t: ScenarioContext, manifest: Manifest, ...consent: readonly string[]): Promise<WireTarget> => {
  const run = await t.plugin([word(manifest), '--no-input', '-o', 'json', ...consent]);
  ended(run, 0, 'deleted');
  assert.equal(await t.api.find(whereOf(t, manifest), manifest.metadata.name), undefined, 'it is gone');
  return targetOf(run);
};
