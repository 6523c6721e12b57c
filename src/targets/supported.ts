/** Kinds that can be deleted: those that have checks. The one place that says so. */
import type { ResourceKind } from '../model/ref.ts';
import { qualified } from '../model/ref.ts';

/** null: its checks are written. Otherwise the sentence that refuses it. */
export type Supported = (kind: ResourceKind) => string | null;

/** Of this version. */
export const supported: Supported = (kind) =>
  kind.group === '' && kind.resource === 'pods' ? null : `this version deletes pods only, and "${qualified(kind)}" is another kind: its checks are not written yet`;
