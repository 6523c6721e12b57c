/** A dangerous deletion as a scenario: refused or asked, for the right reason first, and nothing is touched. */
import assert from 'node:assert/strict';
import type { Live, Manifest } from './api.ts';
import type { ScenarioContext } from './context.ts';
import { reportOf } from './reading.ts';
import { scenario } from './scenario.ts';
import type { Need, Scenario } from './scenario.ts';
import { whereOf } from './staging.ts';

/** What identifies an object that must stay as it is. */
export type Named = Pick<Manifest, 'apiVersion' | 'kind'> & { readonly name: string; readonly namespace?: string };

export interface Staged {
  readonly args: readonly string[];
  /** Compared before and after, by uid and resourceVersion. */
  readonly stays: readonly Named[];
}

export interface Dangerous {
  readonly name: string;
  readonly needs?: readonly Need[];
  /** Others on the cluster feel it. */
  readonly serial?: true;
  readonly stage: (t: ScenarioContext) => Promise<Staged>;
  /** 2: refused. 3: asked for, and nobody answers. */
  readonly code: 2 | 3;
  /** The check or the code of the first finding above a note. */
  readonly first: string;
  /** It takes the typed name; `either`: that depends on what others have put there. */
  readonly irreversible?: true | 'either';
  /** Without -n of the scenario's own namespace. */
  readonly anywhere?: true;
  readonly kubeconfig?: (t: ScenarioContext) => Promise<string>;
}

const live = async (t: ScenarioContext, { apiVersion, kind, name, namespace }: Named): Promise<Live> => {
  const found = await t.api.find(whereOf(t, { apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) } }), name);
  assert.ok(found !== undefined, `${kind} ${name} is there`);
  return found;
};

/** Kubelets and controllers write for a moment after something has become Ready. */
const settled = async (t: ScenarioContext, named: Named): Promise<Live> => {
  let before = await live(t, named);
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 400));
    const now = await live(t, named);
    if (now.metadata.resourceVersion === before.metadata.resourceVersion) return now;
    before = now;
  }
};

export const loudly = (dangerous: readonly Dangerous[]): readonly Scenario[] =>
  dangerous.map((d) =>
    scenario({
      id: 'loud',
      name: d.name,
      ...(d.needs === undefined ? {} : { needs: d.needs }),
      ...(d.serial === undefined ? {} : { serial: d.serial }),
      run: async (t) => {
        const { args, stays } = await d.stage(t);
        const before = await Promise.all(stays.map(async (named) => await settled(t, named)));
        const kubeconfig = d.kubeconfig === undefined ? {} : { kubeconfig: await d.kubeconfig(t) };
        const run = await t.plugin([...args, '-o', 'json'], { ...kubeconfig, ...(d.anywhere === true ? { namespace: null } : {}) });
        const report = reportOf(run);
        const above = report.targets.flatMap((target) => target.findings).filter((f) => f.severity !== 'note');
        assert.ok(above[0]?.code === d.first || above[0]?.check === d.first, `${d.first} is first of ${above.map((f) => f.code).join(', ')}; ${report.error?.message ?? ''}`);
        assert.deepEqual([run.code, report.deletionRequested], [d.code, false]);
        if (d.irreversible !== 'either') assert.equal(above.some((f) => f.irreversible), d.irreversible === true, 'irreversible');
        for (const [index, named] of stays.entries()) {
          const now = await live(t, named);
          const { uid, resourceVersion } = before[index]?.metadata ?? {};
          assert.deepEqual([now.metadata.uid, now.metadata.resourceVersion, now.metadata.deletionTimestamp], [uid, resourceVersion, undefined], `${named.kind} ${named.name} is untouched`);
        }
        if (d.code === 3 && d.irreversible === true) {
          const yes = await t.plugin([...args, '-y', '-o', 'json'], { ...kubeconfig, ...(d.anywhere === true ? { namespace: null } : {}) });
          assert.equal(yes.code, 3, '--yes is not enough for what is irreversible');
        }
      },
    }),
  );
