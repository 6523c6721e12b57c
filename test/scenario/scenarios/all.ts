/** Every scenario, in the order in which they start: the ones that take longest first. */
import type { Scenario } from '../scenario.ts';
import { allOfANamespace } from './all-of-a-namespace.ts';
import { asking } from './asking.ts';
import { badInput } from './bad-input.ts';
import { checksClusterWide } from './checks-cluster-wide.ts';
import { checksExposure } from './checks-exposure.ts';
import { checksGuards } from './checks-guards.ts';
import { checksSets } from './checks-sets.ts';
import { checksData } from './checks-data.ts';
import { claimScenarios } from './claims.ts';
import { dataOfKinds } from './data-of-kinds.ts';
import { inUse } from './in-use.ts';
import { consent } from './consent.ts';
import { containerCodes } from './container-codes.ts';
import { customKinds } from './custom-kinds.ts';
import { deciding } from './deciding.ts';
import { dryRun } from './dry-run.ts';
import { evictions } from './evictions.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { saving } from './saving.ts';
import { many } from './many.ts';
import { following } from './following.ts';
import { howPodsEnd } from './how-pods-end.ts';
import { live } from './live.ts';
import { loudKinds } from './loud-kinds.ts';
import { loudPods } from './loud-pods.ts';
import { kinds } from './kinds.ts';
import { mirrorPods } from './mirror-pods.ts';
import { namespaceScenarios } from './namespaces.ts';
import { output } from './output.ts';
import { policies } from './policy.ts';
import { quietKinds } from './quiet-kinds.ts';
import { quietPods } from './quiet-pods.ts';
import { rights } from './rights.ts';
import { signals } from './signals.ts';
import { statefulSets } from './stateful-sets.ts';
import { stuckCauses } from './stuck-causes.ts';
import { stuck } from './stuck.ts';
import { untilReady } from './until-ready.ts';

export const scenarios: readonly Scenario[] = [
  ...asking,
  ...kinds,
  ...live,
  ...allOfANamespace,
  ...howPodsEnd,
  ...containerCodes,
  ...statefulSets,
  ...following,
  ...stuck,
  ...stuckCauses,
  ...untilReady,
  ...quietPods,
  ...loudPods,
  ...loudKinds,
  ...quietKinds,
  ...rights,
  ...checksSets,
  ...claimScenarios,
  ...dataOfKinds,
  ...inUse,
  ...checksData,
  ...checksGuards,
  ...checksExposure,
  ...namespaceScenarios,
  ...customKinds,
  ...checksClusterWide,
  ...mirrorPods,
  ...consent,
  ...deciding,
  ...policies,
  ...dryRun,
  ...evictions,
  ...oneAtATime,
  ...saving,
  ...many,
  ...signals,
  ...output,
  ...badInput,
];
