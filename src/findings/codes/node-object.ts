/** What stands on a node and ends with its object. Pods of DaemonSets, mirror pods and finished ones are not counted. */
export type OnNode = {
  readonly pods: number;
  readonly names: readonly string[];
  /** Of these, pods that nothing creates again elsewhere. */
  readonly bare: number;
  /** Of these, pods that keep data in an emptyDir or on the node's disk. */
  readonly withLocalData: number;
};

export interface NodeObjectCodes {
  'machine-goes-with-node': { readonly finalizer: string };
  'node-still-ready': OnNode & { readonly cordoned: boolean };
  'pods-on-dead-node': OnNode & { readonly status: 'False' | 'Unknown'; readonly since: string | null };
  'local-volumes-on-node': { readonly volumes: readonly { readonly name: string; readonly claim: string | null }[] };
  'dead-and-empty': { readonly status: 'False' | 'Unknown'; readonly since: string | null };
}
