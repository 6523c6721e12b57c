/** The instances that a Terminating definition waits for (apiextensions-apiserver pkg/controller/finalizer). */
import type { Ref } from '../model/ref.ts';
import { isTerminating } from '../model/pod.ts';
import type { Target } from '../model/target.ts';
import type { Definition } from '../model/wire.ts';
import type { Fact, View } from './fact.ts';
import type { LeftObject } from './left-in-namespace.ts';
import { unreadOf } from './want.ts';
import type { Want } from './want.ts';

export interface LeftOfDefinitionView extends View {
  /** null: the target is no definition, or they could not be listed. */
  readonly instances: readonly LeftObject[] | null;
}

interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly resource: string;
}

const kindOf = ({ ref, object }: Target): Kind | null => {
  if (ref.group !== 'apiextensions.k8s.io' || ref.kind !== 'CustomResourceDefinition') return null;
  const { spec } = object as Definition;
  const version = spec.versions.find((v) => v.served)?.name;
  return version === undefined ? null : { group: spec.group, version, kind: spec.names.kind, resource: spec.names.plural };
};

const listOf = (kind: Kind): Extract<Want, { type: 'list' }> => ({ type: 'list', kind, namespace: null, labelSelector: '', metadataOnly: true });

/** Custom resources need rights of their own: without them their number is not known. */
export const leftOfDefinition: Fact<LeftOfDefinitionView> = {
  rights: [],
  wants: (target) => {
    const kind = kindOf(target);
    return kind === null ? [] : [listOf(kind)];
  },
  view: (target, _given, seen) => {
    const kind = kindOf(target);
    if (kind === null) return { instances: null, unread: [] };
    const listed = seen.list(kind, null, '');
    if (listed.state !== 'found') return { instances: null, unread: unreadOf([listed]) };
    const refOf = (name: string, namespace: string | null, uid: string): Ref => ({ ...kind, namespace, name, uid });
    return {
      instances: listed.value.map((o) => ({ ref: refOf(o.metadata.name, o.metadata.namespace ?? null, o.metadata.uid), finalizers: o.metadata.finalizers ?? [], terminating: isTerminating(o) })),
      unread: [],
    };
  },
};
