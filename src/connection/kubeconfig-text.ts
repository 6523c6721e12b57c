import { dirname, isAbsolute, join } from 'node:path';
import { fail, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import { NO_CLUSTER, NO_USER } from './kubeconfig.ts';
import { readPlainYaml } from './plain-yaml.ts';
import type { AuthProvider, Cluster, Context, ExecConfig, Kubeconfig, User } from './kubeconfig.ts';

/** What is wrong with a text, with the place where it is known. Never holds a value of the file: it may be a secret. */
class Wrong extends Error {
  readonly path: readonly (string | number)[];
  constructor(path: readonly (string | number)[], message: string) {
    super(message);
    this.name = 'Wrong';
    this.path = path;
  }
}

interface Source {
  readonly file: string;
  readonly base: string;
}

type Path = readonly (string | number)[];
type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

const kindOf = (value: unknown): string => (Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'a map' : `a ${typeof value}`);

const fieldsAt = (value: unknown, path: Path): Fields => {
  if (value === undefined || value === null) return {};
  if (!isFields(value)) throw new Wrong(path, `must be a map, not ${kindOf(value)}`);
  return value;
};

const listAt = (value: unknown, path: Path): readonly unknown[] => {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new Wrong(path, `must be a list, not ${kindOf(value)}`);
  return value;
};

const textAt = (value: unknown, path: Path): string => {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw new Wrong(path, `must be a string, not ${kindOf(value)}: put it in quotes`);
  return value;
};

const flagAt = (value: unknown, path: Path): boolean => {
  if (value === undefined || value === null) return false;
  if (typeof value !== 'boolean') throw new Wrong(path, `must be true or false, not ${kindOf(value)}`);
  return value;
};

const textsAt = (value: unknown, path: Path): readonly string[] => listAt(value, path).map((item, at) => textAt(item, [...path, at]));

/** Base64 as Go's encoding/json decodes []byte: line breaks are ignored, anything else that is not base64 is an error. */
const dataAt = (value: unknown, path: Path): string => {
  const text = textAt(value, path).replaceAll(/[\r\n]/gu, '');
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/u.test(text)) throw new Wrong(path, 'illegal base64 data');
  return Buffer.from(text, 'base64').toString('utf8');
};

const resolved = (path: string, base: string): string => (path === '' || isAbsolute(path) ? path : join(base, path));

const EXEC_EXTENSION = 'client.authentication.k8s.io/exec';

const clusterAt = (fields: Fields, path: Path, base: string): Cluster => {
  const text = (name: string): string => textAt(fields[name], [...path, name]);
  const extensions = listAt(fields['extensions'], [...path, 'extensions']).map((item, at) => fieldsAt(item, [...path, 'extensions', at]));
  return {
    ...NO_CLUSTER,
    server: text('server'),
    tlsServerName: text('tls-server-name'),
    insecureSkipTlsVerify: flagAt(fields['insecure-skip-tls-verify'], [...path, 'insecure-skip-tls-verify']),
    certificateAuthority: resolved(text('certificate-authority'), base),
    certificateAuthorityData: dataAt(fields['certificate-authority-data'], [...path, 'certificate-authority-data']),
    proxyUrl: text('proxy-url'),
    disableCompression: flagAt(fields['disable-compression'], [...path, 'disable-compression']),
    execConfig: extensions.find(({ name }) => name === EXEC_EXTENSION)?.['extension'],
  };
};

const interactiveModeOf = (mode: string, apiVersion: string): string =>
  mode === '' && apiVersion === 'client.authentication.k8s.io/v1beta1' ? 'IfAvailable' : mode;

const execAt = (value: unknown, path: Path, base: string): ExecConfig | null => {
  if (value === undefined || value === null) return null;
  const fields = fieldsAt(value, path);
  const text = (name: string): string => textAt(fields[name], [...path, name]);
  const command = text('command');
  const env = listAt(fields['env'], [...path, 'env']).map((item, at) => {
    const entry = fieldsAt(item, [...path, 'env', at]);
    return { name: textAt(entry['name'], [...path, 'env', at, 'name']), value: textAt(entry['value'], [...path, 'env', at, 'value']) };
  });
  return {
    apiVersion: text('apiVersion'),
    // A bare name is looked up in PATH; anything with a separator is a file beside the kubeconfig (loader.go GetAuthInfoFileReferences).
    command: /[/\\]/u.test(command) ? resolved(command, base) : command,
    args: textsAt(fields['args'], [...path, 'args']),
    env,
    installHint: text('installHint'),
    provideClusterInfo: flagAt(fields['provideClusterInfo'], [...path, 'provideClusterInfo']),
    interactiveMode: interactiveModeOf(text('interactiveMode'), text('apiVersion')),
  };
};

const textMapAt = (value: unknown, path: Path): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(fieldsAt(value, path)).map(([key, item]) => [key, textAt(item, [...path, key])]));

const authProviderAt = (value: unknown, path: Path): AuthProvider | null => {
  if (value === undefined || value === null) return null;
  const fields = fieldsAt(value, path);
  return { name: textAt(fields['name'], [...path, 'name']), config: textMapAt(fields['config'], [...path, 'config']) };
};

const userAt = (fields: Fields, path: Path, { file, base }: Source): User => {
  const text = (name: string): string => textAt(fields[name], [...path, name]);
  const extra = fieldsAt(fields['as-user-extra'], [...path, 'as-user-extra']);
  return {
    ...NO_USER,
    clientCertificate: resolved(text('client-certificate'), base),
    clientCertificateData: dataAt(fields['client-certificate-data'], [...path, 'client-certificate-data']),
    clientKey: resolved(text('client-key'), base),
    clientKeyData: dataAt(fields['client-key-data'], [...path, 'client-key-data']),
    token: text('token'),
    tokenFile: resolved(text('tokenFile'), base),
    as: text('as'),
    asUid: text('as-uid'),
    asGroups: textsAt(fields['as-groups'], [...path, 'as-groups']),
    asUserExtra: Object.fromEntries(Object.entries(extra).map(([key, values]) => [key, textsAt(values, [...path, 'as-user-extra', key])])),
    username: text('username'),
    password: text('password'),
    authProvider: authProviderAt(fields['auth-provider'], [...path, 'auth-provider']),
    exec: execAt(fields['exec'], [...path, 'exec'], base),
    origin: file,
  };
};

const contextAt = (fields: Fields, path: Path): Context => {
  const text = (name: string): string => textAt(fields[name], [...path, name]);
  return { cluster: text('cluster'), user: text('user'), namespace: text('namespace') };
};

const entriesAt = <T>(root: Fields, list: string, inner: string, make: (fields: Fields, path: Path) => T): ReadonlyMap<string, T> => {
  const entries = new Map<string, T>();
  for (const [at, item] of listAt(root[list], [list]).entries()) {
    const path = [list, at];
    const fields = fieldsAt(item, path);
    const name = textAt(fields['name'], [...path, 'name']);
    if (entries.has(name)) throw new Wrong(path, `duplicate name ${JSON.stringify(name)} in list`);
    entries.set(name, make(fieldsAt(fields[inner], [...path, inner]), [...path, inner]));
  }
  return entries;
};

const EMPTY: Kubeconfig = { currentContext: '', clusters: new Map(), users: new Map(), contexts: new Map() };

const kubeconfigOf = (value: unknown, source: Source): Kubeconfig => {
  const root = fieldsAt(value, []);
  const kind = textAt(root['kind'], ['kind']);
  const apiVersion = textAt(root['apiVersion'], ['apiVersion']);
  if ((kind !== '' && kind !== 'Config') || (apiVersion !== '' && apiVersion !== 'v1')) {
    throw new Wrong([kind === '' || kind === 'Config' ? 'apiVersion' : 'kind'], `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`);
  }
  return {
    currentContext: textAt(root['current-context'], ['current-context']),
    clusters: entriesAt(root, 'clusters', 'cluster', (fields, path) => clusterAt(fields, path, source.base)),
    users: entriesAt(root, 'users', 'user', (fields, path) => userAt(fields, path, source)),
    contexts: entriesAt(root, 'contexts', 'context', contextAt),
  };
};

const where = (path: Path): string => path.map((part, at) => (typeof part === 'number' ? `[${part}]` : at === 0 ? part : `.${part}`)).join('');

const sentence = (error: Wrong, line: number | null): string => `${line === null ? '' : `line ${line}: `}${[where(error.path), error.message].filter((part) => part !== '').join(' ')}`;

const fromYaml = async (text: string, source: Source): Promise<Result<Kubeconfig, string>> => {
  try {
    return await fromLibrary(text, source);
  } catch (error) {
    // Texts that are nested too deeply or that multiply by aliases make the library throw.
    if (error instanceof RangeError) return fail('yaml: it is nested too deeply');
    if (error instanceof ReferenceError) return fail('yaml: document contains excessive aliasing');
    throw error;
  }
};

/** YAML as sigs.k8s.io/yaml reads it: 1.1 booleans (yes, on), no timestamps or base-60 numbers, of repeated keys the last, of documents the first. */
const fromLibrary = async (text: string, source: Source): Promise<Result<Kubeconfig, string>> => {
  const { isNode, LineCounter, parseAllDocuments } = await import('yaml');
  const lines = new LineCounter();
  const [document] = parseAllDocuments(text, {
    version: '1.1',
    uniqueKeys: false,
    lineCounter: lines,
    logLevel: 'silent',
    prettyErrors: false,
    customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || (tag.tag !== 'tag:yaml.org,2002:timestamp' && Reflect.get(tag, 'format') !== 'TIME')),
  });
  if (document === undefined || !('contents' in document)) return ok(EMPTY);
  const [problem] = document.errors;
  if (problem !== undefined) return fail(problem.code === 'RESOURCE_EXHAUSTION' ? 'yaml: it is nested too deeply' : `yaml: line ${lines.linePos(problem.pos[0]).line}: ${problem.code.toLowerCase().replaceAll('_', ' ')}`);
  let value: unknown;
  try {
    value = document.toJS();
  } catch {
    // What the library throws here may quote the text.
    return fail('yaml: an alias or a merge in it leads nowhere');
  }
  try {
    return ok(kubeconfigOf(value, source));
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    const node = document.getIn(error.path, true);
    const start = isNode(node) ? node.range?.[0] : undefined;
    return fail(sentence(error, start === undefined ? null : lines.linePos(start).line));
  }
};

const LONGEST_FOR_LINES = 500_000;

/**
 * Reads the text of one kubeconfig, which is in `file` (absolute): its relative paths count from there. The error names the line and
 * the field, never the value.
 */
export const readKubeconfig = async (content: string, file: string): Promise<Result<Kubeconfig, string>> => {
  const text = content.replace(/^\uFEFF/u, '');
  const source: Source = { file, base: dirname(file) };
  if (text.trim() === '') return ok(EMPTY);
  let value: unknown;
  try {
    value = text.trimStart().startsWith('{') ? JSON.parse(text) : readPlainYaml(text);
  } catch {
    // Flow YAML starts like JSON.
  }
  try {
    if (value !== undefined) return ok(kubeconfigOf(value, source));
  } catch (error) {
    // Of what is wrong the YAML library knows the line; in a text of megabytes nobody waits for it.
    if (error instanceof Wrong && text.length > LONGEST_FOR_LINES) return fail(sentence(error, null));
  }
  return await fromYaml(text, source);
};
