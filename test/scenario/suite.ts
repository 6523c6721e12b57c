/** Plays every scenario on one cluster as tests of node:test: a few at a time, those that hit everyone alone and last, and a count that leaves nothing out. */
import { after, describe, it } from 'node:test';
import { Api } from './api.ts';
import type { ClusterUnderTest } from './cluster-under-test.ts';
import { ScenarioContext } from './context.ts';
import { executableFor } from './executable.ts';
import type { Scenario } from './scenario.ts';
import { scenarios } from './scenarios/all.ts';

const titleOf = (s: Scenario): string => `${s.id}: ${s.name}`;

const reasonToSkip = (s: Scenario, cluster: ClusterUnderTest): string | null => {
  const missing = s.needs.filter((need) => !cluster.offers.has(need));
  return missing.length === 0 ? null : `this cluster does not offer ${missing.join(', ')}`;
};

/** One that hangs must not hold the others for ever. */
const LONGEST_MS = 180_000;

/**
 * Declares the scenarios for a cluster. SCENARIO_ONLY is a regular expression over "ID: name"; what it leaves out is counted as skipped.
 */
export const playScenarios = async (cluster: ClusterUnderTest, env: NodeJS.ProcessEnv = process.env): Promise<void> => {
  const executable = executableFor(cluster.kubectl, env);
  const api = await Api.of(cluster.kubeconfig);
  const only = env['SCENARIO_ONLY'];
  console.log(`cluster: ${cluster.title}\nexecutable: ${executable.title}`);
  const skipped: string[] = [];
  let run = 0;
  let passed = 0;

  const play = async (s: Scenario): Promise<void> => {
    run += 1;
    const own = s.serial === true && cluster.another !== null ? await cluster.another() : null;
    const ownApi = own === null ? null : await Api.of(own.kubeconfig);
    const t = new ScenarioContext(own ?? cluster, executable, ownApi ?? api);
    try {
      await t.open();
      await s.run(t);
      passed += 1;
    } catch (error) {
      console.log(`--- ${titleOf(s)} (namespace ${t.namespace})\n${t.transcript()}\n---`);
      throw error;
    } finally {
      await t.close();
      ownApi?.close();
      await own?.close();
    }
  };
  const alone = (s: Scenario): boolean => s.serial === 'measured' || (s.serial && cluster.another === null);

  const declare = (list: readonly Scenario[]): void => {
    for (const s of list) {
      const skip = only !== undefined && !new RegExp(only).test(titleOf(s)) ? 'SCENARIO_ONLY leaves it out' : reasonToSkip(s, cluster);
      if (skip !== null) skipped.push(`skipped: ${titleOf(s)} (${skip})`);
      it(titleOf(s), { timeout: LONGEST_MS, skip: skip ?? false }, async () => await play(s));
    }
  };

  describe(`scenarios on ${cluster.title}`, { concurrency: cluster.width }, () => declare(scenarios.filter((s) => !alone(s))));
  describe(`scenarios alone on ${cluster.title}`, { concurrency: 1 }, () => declare(scenarios.filter(alone)));
  after(async () => {
    api.close();
    await cluster.close();
    for (const line of skipped) console.log(line);
    console.log(`scenarios: ${run} run, ${passed} passed, ${skipped.length} skipped`);
  });
};
