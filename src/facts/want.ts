/** What a fact wants to read, and what reading gave. Gather turns wants into the fewest requests. */
import type { ResourceKind } from '../model/ref.ts';
import type { KubeObject } from '../model/wire.ts';

export type KindPath = Pick<ResourceKind, 'group' | 'version' | 'resource'>;

export type Want =
  | { readonly type: 'object'; readonly kind: KindPath; readonly namespace: string | null; readonly name: string; readonly metadataOnly: boolean }
  | { readonly type: 'list'; readonly kind: KindPath; readonly namespace: string | null; readonly labelSelector: string; readonly metadataOnly: boolean }
  /** The kinds of one group and version. */
  | { readonly type: 'kinds'; readonly group: string; readonly version: string }
  /** All API groups that the server has. */
  | { readonly type: 'groups' };

/** A read that gave nothing: the check that needed it is `unknown`, never passed. */
export interface Unread {
  readonly verb: 'get' | 'list';
  readonly group: string;
  readonly resource: string;
  readonly namespace: string | null;
  readonly why: string;
  /** The server said that this user may not (403). */
  readonly denied: boolean;
}

export type Looked<T> =
  | { readonly state: 'found'; readonly value: T }
  | { readonly state: 'absent' }
  | { readonly state: 'not-asked' }
  | { readonly state: 'unread'; readonly unread: Unread };

/** All that has been read so far: frozen, looked up by the same words that wanted it. */
export interface Seen {
  readonly object: (kind: KindPath, namespace: string | null, name: string) => Looked<KubeObject>;
  readonly list: (kind: KindPath, namespace: string | null, labelSelector: string) => Looked<readonly KubeObject[]>;
  readonly kinds: (group: string, version: string) => Looked<readonly ResourceKind[]>;
  readonly groups: () => Looked<readonly { readonly group: string; readonly version: string }[]>;
}

const place = (kind: KindPath, namespace: string | null): string => `${kind.group}/${kind.resource}/${namespace ?? ''}`;

export const objectKey = (kind: KindPath, namespace: string | null, name: string): string => `object ${place(kind, namespace)}/${name}`;
export const listKey = (kind: KindPath, namespace: string | null, labelSelector: string): string =>
  `list ${place(kind, namespace)}?${labelSelector}`;
export const kindsKey = (group: string, version: string): string => `kinds ${group}/${version}`;
export const groupsKey = 'groups';

export const keyOf = (want: Want): string => {
  switch (want.type) {
    case 'object':
      return objectKey(want.kind, want.namespace, want.name);
    case 'list':
      return listKey(want.kind, want.namespace, want.labelSelector);
    case 'kinds':
      return kindsKey(want.group, want.version);
    case 'groups':
      return groupsKey;
  }
};

/** The reads among these that failed. */
export const unreadOf = (looked: readonly Looked<unknown>[]): readonly Unread[] =>
  looked.flatMap((l) => (l.state === 'unread' ? [l.unread] : []));
