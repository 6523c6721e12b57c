/** The scenarios on the embedded cluster: part of the unit tests, no machine has to be prepared. */
import { embeddedCluster } from './embedded.ts';
import { playScenarios } from './suite.ts';

await playScenarios(await embeddedCluster());
