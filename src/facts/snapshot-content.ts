/** What becomes of the snapshot in the storage system when a VolumeSnapshot goes: its content says it. */
import type { Target } from '../model/target.ts';
import type { Fact, View } from './fact.ts';
import { unreadOf } from './want.ts';
import type { Looked, Seen, Want } from './want.ts';

const GROUP = 'snapshot.storage.k8s.io';

export interface SnapshotContentView extends View {
  /** null: no content is bound to it, or it is no VolumeSnapshot. What cannot be read counts as Delete. */
  readonly policy: 'Delete' | 'Retain' | null;
}

const wantOf = ({ ref, object }: Target): Extract<Want, { type: 'object' }> | null => {
  if (ref.group !== GROUP || ref.kind !== 'VolumeSnapshot') return null;
  const name = (object as { readonly status?: { readonly boundVolumeSnapshotContentName?: unknown } }).status?.boundVolumeSnapshotContentName;
  return typeof name === 'string' ? { type: 'object', kind: { group: GROUP, version: ref.version, resource: 'volumesnapshotcontents' }, namespace: null, name, metadataOnly: false } : null;
};

const lookedAt = (target: Target, seen: Seen): Looked<unknown> | null => {
  const want = wantOf(target);
  return want === null ? null : seen.object(want.kind, null, want.name);
};

export const snapshotContent: Fact<SnapshotContentView> = {
  rights: [{ group: GROUP, resource: 'volumesnapshotcontents', verbs: ['get', 'list'], scope: 'cluster' }],
  wants: (target) => {
    const want = wantOf(target);
    return want === null ? [] : [want];
  },
  view: (target, _given, seen) => {
    const looked = lookedAt(target, seen);
    if (looked === null) return { policy: null, unread: [] };
    const content = looked.state === 'found' ? (looked.value as { readonly spec?: { readonly deletionPolicy?: unknown } }) : null;
    return { policy: content?.spec?.deletionPolicy === 'Retain' ? 'Retain' : 'Delete', unread: unreadOf([looked]) };
  },
};
