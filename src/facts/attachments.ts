/** The volumes of a target and where they are attached: a pod's through its claims, a volume's own, an attachment itself. */
import { claimKind, volumeAttachmentKind } from '../discovery/built-in.ts';
import { isPodKind } from '../model/pod.ts';
import type { Ref } from '../model/ref.ts';
import type { Target } from '../model/target.ts';
import type { Attachment, Claim, Pod } from '../model/wire.ts';
import type { Fact, View } from './fact.ts';
import { unreadOf } from './want.ts';
import type { Seen, Want } from './want.ts';

export interface AttachmentOfVolume {
  readonly ref: Ref;
  readonly attacher: string;
  readonly volume: string | null;
  readonly node: string;
  readonly attached: boolean;
  readonly terminating: boolean;
  /** Why it could not be detached, as the driver says. */
  readonly detachError: string | null;
}

export interface AttachmentsView extends View {
  readonly attachments: readonly AttachmentOfVolume[];
  /** The claims that the pod names. */
  readonly claims: readonly Ref[];
}

const attachmentOf = (object: Attachment): AttachmentOfVolume => ({
  ref: { ...refKind, name: object.metadata.name, uid: object.metadata.uid },
  attacher: object.spec.attacher,
  volume: object.spec.source.persistentVolumeName ?? null,
  node: object.spec.nodeName,
  attached: object.status?.attached === true,
  terminating: object.metadata.deletionTimestamp !== undefined,
  detachError: object.status?.detachError?.message ?? null,
});

const { group, version, kind, resource } = volumeAttachmentKind;
const refKind = { group, version, kind, resource, namespace: null };

const claimNames = (target: Target): readonly string[] => {
  if (!isPodKind(target.ref)) return [];
  const { spec, metadata } = target.object as Pod;
  return (spec?.volumes ?? []).flatMap((v) => {
    if (v.persistentVolumeClaim !== undefined) return [v.persistentVolumeClaim.claimName];
    return v.ephemeral === undefined ? [] : [`${metadata.name}-${v.name}`];
  });
};

const isVolume = ({ ref }: Target): boolean => ref.group === '' && ref.kind === 'PersistentVolume';
const isAttachment = ({ ref }: Target): boolean => ref.group === volumeAttachmentKind.group && ref.kind === volumeAttachmentKind.kind;

const volumesOf = (target: Target, seen: Seen): readonly string[] => {
  if (isVolume(target)) return [target.ref.name];
  return claimNames(target).flatMap((name) => {
    const claim = seen.object(claimKind, target.ref.namespace, name);
    const volume = claim.state === 'found' ? (claim.value as Claim).spec?.volumeName : undefined;
    return volume === undefined || volume === '' ? [] : [volume];
  });
};

const listed: Want = { type: 'list', kind: volumeAttachmentKind, namespace: null, labelSelector: '', metadataOnly: false };

export const attachments: Fact<AttachmentsView> = {
  rights: [
    { group: 'storage.k8s.io', resource: 'volumeattachments', verbs: ['list'], scope: 'cluster' },
    { group: '', resource: 'persistentvolumeclaims', verbs: ['get'], scope: 'namespace' },
  ],
  wants: (target, _given, seen) => [
    ...claimNames(target).map((name): Want => ({ type: 'object', kind: claimKind, namespace: target.ref.namespace, name, metadataOnly: false })),
    ...(volumesOf(target, seen).length > 0 ? [listed] : []),
  ],
  view: (target, _given, seen) => {
    if (isAttachment(target)) return { attachments: [attachmentOf(target.object as Attachment)], claims: [], unread: [] };
    const volumes = new Set(volumesOf(target, seen));
    const all = seen.list(volumeAttachmentKind, null, '');
    const found = all.state === 'found' ? (all.value as readonly Attachment[]).map(attachmentOf).filter((a) => a.volume !== null && volumes.has(a.volume)) : [];
    const claims = claimNames(target).map((name): Ref => ({ group: '', version: 'v1', kind: claimKind.kind, resource: claimKind.resource, namespace: target.ref.namespace, name, uid: null }));
    return { attachments: found, claims, unread: volumes.size === 0 ? [] : unreadOf([all]) };
  },
};
