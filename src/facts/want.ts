/** What a fact wants to read, and what reading gave. Gather turns wants into the fewest requests. */
import type { Served } from '../discovery/served.ts';
import type { ResourceKind } from '../model/ref.ts';
import type { ClusterEvent, KubeObject } from '../model/wire.ts';

export type KindPath = Pick<ResourceKind, 'group' | 'version' | 'resource'>;

/** What an access review answered; RBAC's reason names the binding (apiserver plugin/pkg/auth/authorizer/rbac). */
export interface Access {
  readonly allowed: boolean;
  readonly reason: string;
}

export type Want =
  | { readonly type: 'object'; readonly kind: KindPath; readonly namespace: string | null; readonly name: string; readonly metadataOnly: boolean }
  | { readonly type: 'list'; readonly kind: KindPath; readonly namespace: string | null; readonly labelSelector: string; readonly metadataOnly: boolean; /** Lists with one are never joined with others. */ readonly fieldSelector?: string }
  /** The kinds of one group and version. */
  | { readonly type: 'kinds'; readonly group: string; readonly version: string }
  /** All API groups that the server has. */
  | { readonly type: 'groups' }
  /** All kinds that the server serves, with their verbs. */
  | { readonly type: 'served' }
  /** The first page of a kind in a namespace (null: in all), metadata only: enough to count what is there. */
  | { readonly type: 'page'; readonly kind: KindPath; readonly namespace: string | null }
  /** May this user do it? (SelfSubjectAccessReview; nothing is stored.) Without a name: to all of them. */
  | { readonly type: 'access'; readonly verb: string; readonly kind: KindPath; readonly subresource: string | null; readonly namespace: string | null; readonly name: string | null }
  /** The events about an object. */
  | { readonly type: 'events'; readonly namespace: string | null; readonly uid: string }
  /** Who is this user, to the API server? (SelfSubjectReview; nothing is stored.) */
  | { readonly type: 'self' }
  /** A DELETE, or an eviction, with dryRun All: admission answers, nothing is written. */
  | { readonly type: 'dry-run-delete'; readonly kind: KindPath; readonly namespace: string | null; readonly name: string; readonly uid: string; readonly gracePeriodSeconds: number | null; readonly evict: boolean };

/** The user that the API server takes the caller for. */
export interface Self {
  readonly user: string;
  readonly groups: readonly string[];
}

/** A read that gave nothing: the check that needed it is `unknown`, never passed. */
export interface Unread {
  readonly verb: 'get' | 'list' | 'create' | 'delete';
  readonly group: string;
  readonly resource: string;
  readonly namespace: string | null;
  readonly why: string;
  /** The server said that this user may not (403). */
  readonly denied: boolean;
}

/** What the API server would say to the DELETE. */
export type ProbeAnswer =
  | { readonly kind: 'accepted' }
  /** Refused by a policy or webhook, or for another reason that holds for the real request too. */
  | { readonly kind: 'refused'; readonly httpStatus: number; readonly reason: string; readonly message: string }
  /** A webhook with side effects fails every dry run (apiserver pkg/admission/plugin/webhook/errors): its answer is not known. */
  | { readonly kind: 'cannot-dry-run'; readonly message: string }
  /** Gone or replaced since it was read: the real DELETE will find out by itself. */
  | { readonly kind: 'gone' };

/** The first objects of a kind, and how many more there are. */
export interface Page {
  readonly items: readonly KubeObject[];
  /** null: there are more, and the server does not say how many. */
  readonly remaining: number | null;
}

export type Looked<T> =
  | { readonly state: 'found'; readonly value: T }
  | { readonly state: 'absent' }
  | { readonly state: 'not-asked' }
  | { readonly state: 'unread'; readonly unread: Unread };

/** All that has been read so far: frozen, looked up by the same words that wanted it. */
export interface Seen {
  /** The whole object where it was read; else its metadata, if that was. Lists alike. */
  readonly object: (kind: KindPath, namespace: string | null, name: string) => Looked<KubeObject>;
  readonly list: (kind: KindPath, namespace: string | null, labelSelector: string, fieldSelector?: string) => Looked<readonly KubeObject[]>;
  readonly kinds: (group: string, version: string) => Looked<readonly ResourceKind[]>;
  readonly access: (verb: string, kind: KindPath, subresource: string | null, namespace: string | null, name: string | null) => Looked<Access>;
  readonly dryRunDelete: (uid: string) => Looked<ProbeAnswer>;
  /** Of a set of objects in one namespace only its warnings, where there are many. */
  readonly events: (uid: string) => Looked<readonly ClusterEvent[]>;
  readonly self: () => Looked<Self>;
  readonly groups: () => Looked<readonly { readonly group: string; readonly version: string }[]>;
  readonly served: () => Looked<Served>;
  readonly page: (kind: KindPath, namespace: string | null) => Looked<Page>;
}

const place = (kind: KindPath, namespace: string | null): string => `${kind.group}/${kind.resource}/${namespace ?? ''}`;

/** Metadata alone is another answer than the object: who wants spec and status must not be served with it. */
const form = (metadataOnly: boolean): string => (metadataOnly ? ' metadata' : '');

export const objectKey = (kind: KindPath, namespace: string | null, name: string, metadataOnly = false): string => `object ${place(kind, namespace)}/${name}${form(metadataOnly)}`;
export const listKey = (kind: KindPath, namespace: string | null, labelSelector: string, metadataOnly = false, fieldSelector = ''): string =>
  `list ${place(kind, namespace)}?${labelSelector}${fieldSelector === '' ? '' : `&${fieldSelector}`}${form(metadataOnly)}`;
export const kindsKey = (group: string, version: string): string => `kinds ${group}/${version}`;
export const groupsKey = 'groups';
export const selfKey = 'self';
export const servedKey = 'served';
export const pageKey = (kind: KindPath, namespace: string | null): string => `page ${place(kind, namespace)}`;
export const accessKey = (verb: string, kind: KindPath, subresource: string | null, namespace: string | null, name: string | null): string =>
  `access ${verb} ${place(kind, namespace)}/${subresource ?? ''}/${name ?? '*'}`;
export const dryRunDeleteKey = (uid: string): string => `dry-run-delete ${uid}`;

export const eventsKey = (uid: string): string => `events ${uid}`;

export const keyOf = (want: Want): string => {
  switch (want.type) {
    case 'object':
      return objectKey(want.kind, want.namespace, want.name, want.metadataOnly);
    case 'list':
      return listKey(want.kind, want.namespace, want.labelSelector, want.metadataOnly, want.fieldSelector);
    case 'kinds':
      return kindsKey(want.group, want.version);
    case 'groups':
      return groupsKey;
    case 'served':
      return servedKey;
    case 'page':
      return pageKey(want.kind, want.namespace);
    case 'access':
      return accessKey(want.verb, want.kind, want.subresource, want.namespace, want.name);
    case 'events':
      return eventsKey(want.uid);
    case 'self':
      return selfKey;
    case 'dry-run-delete':
      return dryRunDeleteKey(want.uid);
  }
};

/** The reads among these that failed. */
export const unreadOf = (looked: readonly Looked<unknown>[]): readonly Unread[] =>
  looked.flatMap((l) => (l.state === 'unread' ? [l.unread] : []));
