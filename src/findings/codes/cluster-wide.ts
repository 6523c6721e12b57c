export interface ClusterWideCodes {}
