/** The objects that scenarios are made of. */
import type { Manifest } from './api.ts';

/** Ends with `code` when it is asked to stop. */
export const onTerm = (code: number, before = ''): readonly string[] => ['sh', '-c', `trap '${before}exit ${code}' TERM; while true; do sleep 0.2; done`];
/** Does nothing about SIGTERM: only SIGKILL ends it. */
export const ignoresTerm: readonly string[] = ['sh', '-c', `trap '' TERM; while true; do sleep 0.2; done`];
/** Stops by the signal that asks it to: 128 + 15. */
export const endsByTerm: readonly string[] = onTerm(143);

export interface ContainerOptions {
  readonly name?: string;
  readonly command?: readonly string[];
  readonly [field: string]: unknown;
}

export interface PodOptions {
  readonly grace?: number;
  readonly containers?: readonly ContainerOptions[];
  readonly initContainers?: readonly ContainerOptions[];
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly spec?: Readonly<Record<string, unknown>>;
}

export class Manifests {
  readonly #image: { readonly image: string; readonly imagePullPolicy: string };

  constructor(image: { readonly image: string; readonly imagePullPolicy: string }) {
    this.#image = image;
  }

  readonly container = ({ name = 'app', command = endsByTerm, ...rest }: ContainerOptions = {}): object => ({ name, ...this.#image, command, ...rest });

  podSpec({ grace = 10, containers = [{}], initContainers = [], spec = {} }: PodOptions): object {
    return {
      terminationGracePeriodSeconds: grace,
      enableServiceLinks: false,
      automountServiceAccountToken: false,
      containers: containers.map(this.container),
      ...(initContainers.length === 0 ? {} : { initContainers: initContainers.map(this.container) }),
      ...spec,
    };
  }

  pod(name: string, options: PodOptions = {}): Manifest {
    return { apiVersion: 'v1', kind: 'Pod', metadata: { name, ...options.metadata }, spec: this.podSpec(options) };
  }

  #workload(kind: 'Deployment' | 'StatefulSet', name: string, replicas: number, options: PodOptions, spec: object): Manifest {
    const labels = { app: name };
    return {
      apiVersion: 'apps/v1',
      kind,
      metadata: { name },
      spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels, ...options.metadata }, spec: this.podSpec(options) }, ...spec },
    };
  }

  deployment(name: string, replicas: number, options: PodOptions = {}, spec: object = {}): Manifest {
    return this.#workload('Deployment', name, replicas, options, spec);
  }

  statefulSet(name: string, replicas: number, options: PodOptions = {}, spec: object = {}): Manifest {
    return this.#workload('StatefulSet', name, replicas, options, { serviceName: name, ...spec });
  }
}
