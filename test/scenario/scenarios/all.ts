/** Every scenario, in the order in which they start. */
import type { Scenario } from '../scenario.ts';
import { consent } from './consent.ts';
import { dryRun } from './dry-run.ts';
import { howPodsEnd } from './how-pods-end.ts';
import { statefulSets } from './stateful-sets.ts';
import { stuck } from './stuck.ts';

export const scenarios: readonly Scenario[] = [...howPodsEnd, ...consent, ...statefulSets, ...stuck, ...dryRun];
