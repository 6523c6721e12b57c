/** What a scenario is: one sentence that must be true of the plugin on a running cluster, and how to see it. */
import type { ScenarioContext } from './context.ts';

/** What a scenario needs beyond an API server, controllers and a node that runs pods. */
export type Need =
  /** kubectl itself is there, not only the plugin's executable. */
  | 'kubectl'
  /** The kubelet can be frozen and thawed. */
  | 'kubelet-fault'
  /** The API server can be killed and started again. */
  | 'apiserver-fault'
  /** kube-controller-manager can be stopped and started. */
  | 'controller-fault'
  /** The requests that reached the API server can be read. */
  | 'audit'
  /** A pseudo-terminal can be made on this machine (util-linux's script). */
  | 'terminal'
  /** A credential can be had that has expired. */
  | 'expired-credential'
  /** The folder of the node's static pods can be written. */
  | 'static-pod'
  /** hostPath volumes, claims and volumes work. */
  | 'volumes'
  /** The pod's own stop signals are kept (feature gate ContainerStopSignals: alpha in 1.33, beta in 1.37). */
  | 'stop-signals'
  /** A kubelet that starts real processes. */
  | 'real-processes';

export interface Scenario {
  /** The row of the behaviours that it shows (E7, W2, S1, ...), or what it is about: bad-input, output, rights, signals. */
  readonly id: string;
  /** A sentence of what must be true. */
  readonly name: string;
  readonly needs: readonly Need[];
  /** true: hits everyone on the cluster, so it has that to itself. 'measured': its real time counts, so nothing else runs meanwhile. */
  readonly serial: boolean | 'measured';
  readonly run: (t: ScenarioContext) => Promise<void>;
}

/** Declares a scenario. */
export const scenario = (given: {
  readonly id: string;
  readonly name: string;
  readonly needs?: readonly Need[];
  readonly serial?: boolean | 'measured';
  readonly run: (t: ScenarioContext) => Promise<void>;
}): Scenario => ({ needs: [], serial: false, ...given });
