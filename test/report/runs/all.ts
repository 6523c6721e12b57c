/** Every recorded run. */
import { forced, notWaited, sameName, threeContainers } from './deleted.ts';
import { wouldAsk, wouldBlock, wouldDelete } from './dry-run.ts';
import { hostile } from './hostile.ts';
import { asAWhole, blocked, declined, frozenNode, interrupted, mixed, notFound, serverError, stillThere, unobserved } from './not-deleted.ts';
import { logsOfTwo } from './logs.ts';
import { thirtyPods } from './many.ts';
import type { RecordedRun } from './made.ts';
import { deploymentAlone, deploymentInBackground } from './workloads.ts';

export const RUNS: readonly RecordedRun[] = [
  threeContainers,
  sameName,
  notWaited,
  forced,
  declined,
  blocked,
  stillThere,
  frozenNode,
  unobserved,
  interrupted,
  notFound,
  mixed,
  asAWhole,
  serverError,
  wouldDelete,
  wouldAsk,
  wouldBlock,
  hostile,
  logsOfTwo,
  thirtyPods,
  deploymentInBackground,
  deploymentAlone,
];
