import type { Ref } from './ref.ts';
import type { KubeObject } from './wire.ts';

/** One object that the command names, as it was read: what is checked and deleted is this uid. */
export interface Target {
  readonly ref: Ref & { readonly uid: string };
  readonly object: KubeObject;
}

/** A name that the command gives and the server does not have. */
export interface MissingTarget {
  readonly ref: Ref;
  readonly message: string;
}
