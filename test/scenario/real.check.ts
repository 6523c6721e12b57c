/**
 * The scenarios on a real Kubernetes: `npm run cluster -- up`, then `node --test test/scenario/real.check.ts`. CLUSTER_NAME picks another of
 * its clusters, SCENARIO_KUBECONFIG any cluster at all; SCENARIO_FAULTS=false leaves out what would hit others who use it.
 */
import { clusterByKubeconfig } from './by-kubeconfig.ts';
import { realCluster } from './real.ts';
import { playScenarios } from './suite.ts';

const { SCENARIO_KUBECONFIG: kubeconfig, CLUSTER_NAME: name, SCENARIO_FAULTS: faults } = process.env;
await playScenarios(kubeconfig === undefined ? await realCluster(name, faults !== 'false') : clusterByKubeconfig(kubeconfig));
