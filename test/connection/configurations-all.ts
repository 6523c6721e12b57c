import { authConfigurations } from './configurations-auth.ts';
import { clusterConfigurations } from './configurations-cluster.ts';
import { fileConfigurations } from './configurations-files.ts';
import type { Configuration } from './configurations.ts';

export const configurations: readonly Configuration[] = [...fileConfigurations(), ...clusterConfigurations(), ...authConfigurations()];
