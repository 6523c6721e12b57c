import type { Clock, Millis } from '../model/world.ts';
import type { ApiStatus, KubeList, KubeObject } from '../model/wire.ts';
import { isRecord, notAnObject, parsed } from './answer.ts';
import { call } from './call.ts';
import type { Fetched, Line } from './call.ts';
import type { Dial } from './dial.ts';
import type { Endpoint } from './endpoint.ts';
import type { Ask } from './exchange.ts';
import { listPath, pathOf } from './paths.ts';
import { openPool } from './pool.ts';
import type { Answer, ClusterPort, ReadOptions, ResourcePath } from './port.ts';
import { logs, watch, WATCH_IDLE_MS } from './streams.ts';

const JSON_TYPE = 'application/json';

const acceptFor = (options: ReadOptions, as: string): string => (options.metadataOnly === true ? `${JSON_TYPE};as=${as};g=meta.k8s.io;v=v1,${JSON_TYPE}` : JSON_TYPE);

const get = (path: string, accept: string): Ask => ({ method: 'GET', path, accept, body: null, purpose: 'request' });

const answerOf = <T>(fetched: Fetched, shape: (value: unknown) => T | null): Answer<T> => {
  if (!fetched.ok) return fetched;
  const value = shape(parsed(fetched.text));
  return value === null ? { ok: false, problem: notAnObject(fetched.status) } : { ok: true, value, warnings: fetched.warnings };
};

/** What was read one at a time has a name and a uid; an answer without them is not an object that could be deleted. */
const objectOf = (value: unknown): KubeObject | null => {
  if (!isRecord(value) || !isRecord(value['metadata'])) return null;
  const { name, uid } = value['metadata'];
  return typeof name === 'string' && typeof uid === 'string' ? (value as unknown as KubeObject) : null;
};

/** A proxy that rewrites paths could answer with another object (`pods/..` is the namespace): what is deleted must be what was asked for. */
const namedAsAsked = (object: KubeObject | null, at: ResourcePath): KubeObject | null =>
  object !== null && (at.subresource !== undefined || object.metadata.name === at.name) && (object.metadata.namespace ?? at.namespace) === at.namespace ? object : null;

/** Half of a listed object is who set which field; only who put a finalizer on it is ever asked. */
const forgetFields = (item: unknown): void => {
  if (isRecord(item) && isRecord(item['metadata']) && item['metadata']['finalizers'] === undefined) Reflect.deleteProperty(item['metadata'], 'managedFields');
};

const listOf = (value: unknown): KubeList | null => {
  if (!isRecord(value) || (value['items'] !== null && !Array.isArray(value['items']))) return null;
  const items = (value['items'] ?? []) as KubeList['items'];
  const metadata = (isRecord(value['metadata']) ? value['metadata'] : {}) as KubeList['metadata'];
  for (const item of items) forgetFields(item);
  return { ...value, items, metadata };
};

const objectOrStatusOf = (value: unknown): KubeObject | ApiStatus | null => (isRecord(value) && value['kind'] === 'Status' ? (value as unknown as ApiStatus) : objectOf(value));

const anythingOf = (value: unknown): unknown => (value === undefined ? null : value);

export interface TransportLimits {
  /** Silence after which a watch counts as lost, in milliseconds. */
  readonly watchIdleMs?: Millis;
  /** How connections are made; default: TCP. */
  readonly dial?: Dial;
}

/** The verbs of the port over HTTPS. Opens no connection before the first call. */
export const openPort = (endpoint: Endpoint, world: { readonly clock: Clock }, limits: TransportLimits = {}): ClusterPort => {
  const pool = openPool(endpoint, world.clock, limits.dial);
  const line: Line = { endpoint, pool, clock: world.clock };
  return {
    get: async (at, options = {}) => answerOf(await call(line, get(pathOf(at), acceptFor(options, 'PartialObjectMetadata')), options), (value) => namedAsAsked(objectOf(value), at)),
    list: async (at, options = {}) => answerOf(await call(line, get(listPath(at, options), acceptFor(options, 'PartialObjectMetadataList')), options), listOf),
    watch: (at, options) => watch(line, at, options, limits.watchIdleMs ?? WATCH_IDLE_MS),
    delete: async (at, body, options = {}) => {
      const text = JSON.stringify({ kind: 'DeleteOptions', apiVersion: 'v1', ...body });
      return answerOf(await call(line, { method: 'DELETE', path: pathOf(at), accept: JSON_TYPE, body: text, purpose: 'request' }, options), objectOrStatusOf);
    },
    create: async (at, body, options = {}) =>
      answerOf(await call(line, { method: 'POST', path: pathOf(at), accept: JSON_TYPE, body: JSON.stringify(body), purpose: 'request' }, options), anythingOf),
    raw: async (path, options = {}) => answerOf(await call(line, get(path, options.accept ?? JSON_TYPE), options), anythingOf),
    logs: (at, options) => logs(line, at, options),
    clockOffsetMs: pool.serverClock.offsetMs,
    close: pool.close,
  };
};
