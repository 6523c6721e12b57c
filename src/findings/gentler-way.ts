import type { Ref } from '../model/ref.ts';

/** A way to do what was probably meant, a restart, without an outage. */
export interface Gentler {
  /** `restart`: a rolling update that has the new pod Ready before the old one goes. `scale`: one replica more first. */
  readonly how: 'restart' | 'scale';
  readonly workload: Ref;
  readonly replicas: number;
}
