/** Objects in the text of a file, as kubectl's decoder finds them: many documents, YAML or JSON, lists unfolded. Only what names them is read. */
import type { Tags } from 'yaml';
import { fail, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';

/** An object that a file describes. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** null: the file does not say. */
  readonly namespace: string | null;
  readonly labels: Readonly<Record<string, string>>;
  /** File, URL or STDIN. */
  readonly source: string;
}

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields | null => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null);

/** UTF-8, or UTF-16 where a byte order mark says so (visitor.go FileVisitor). */
export const textOf = (bytes: Uint8Array): string => {
  const [first, second] = bytes;
  const encoding = first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
};

/** The end of the JSON value that begins at `from`: where its last bracket closes; -1 when none does. */
const endOfJson = (text: string, from: number): number => {
  let depth = 0;
  let inString = false;
  for (let at = from; at < text.length; at++) {
    const c = text[at];
    if (inString) {
      if (c === '\\') at++;
      else if (c === '"') inString = false;
    } else if (c === '"') inString = true;
    else if (c === '{' || c === '[') depth++;
    else if (c === '}' || c === ']') {
      depth--;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
};

/** JSON values one after another; null when the text is not that (flow YAML begins with a bracket too). */
const jsonValues = (text: string): readonly unknown[] | null => {
  const values: unknown[] = [];
  let at = 0;
  for (;;) {
    while (/\s/u.test(text[at] ?? '')) at++;
    if (at >= text.length) return values;
    const end = text[at] === '{' ? endOfJson(text, at) : -1;
    if (end < 0) return null;
    try {
      values.push(JSON.parse(text.slice(at, end)));
    } catch {
      return null;
    }
    at = end;
  }
};

/** To Go's YAML 1.1 times and dates are text (go.yaml.in/yaml/v2 resolve.go, decoded as JSON). */
const withoutTimes = (tags: Tags): Tags => tags.filter((t) => typeof t === 'string' || (t.tag !== 'tag:yaml.org,2002:timestamp' && !('format' in t && t.format === 'TIME')));

const converting = (source: string, why: string): { readonly ok: false; readonly error: string } => fail(`error parsing ${source}: error converting YAML to JSON: yaml: ${why}`);

/** Texts that are nested too deeply or that multiply by aliases make the library throw, in its own words. */
const whyThrown = (error: unknown): string => (error instanceof RangeError ? 'it is nested too deeply' : error instanceof Error ? error.message : String(error));

const yamlValues = async (text: string, source: string): Promise<Result<readonly unknown[], string>> => {
  const { LineCounter, parseAllDocuments } = await import('yaml');
  const lines = new LineCounter();
  const values: unknown[] = [];
  try {
    // 1.1 as in kubectl: `no` is not a name, `<<` merges. A repeated key takes the last value. Pretty errors cost a minute where there are many.
    for (const document of parseAllDocuments(text, { version: '1.1', uniqueKeys: false, logLevel: 'silent', prettyErrors: false, lineCounter: lines, customTags: withoutTimes })) {
      const [flaw] = document.errors;
      if (flaw !== undefined) return converting(source, flaw.code === 'RESOURCE_EXHAUSTION' ? 'it is nested too deeply' : `line ${lines.linePos(flaw.pos[0]).line}: ${flaw.message.split('\n')[0] ?? ''}`);
      values.push(document.toJS());
    }
  } catch (error) {
    return converting(source, whyThrown(error));
  }
  return ok(values);
};

const wrong = (source: string, what: string): { readonly ok: false; readonly error: string } => fail(`unable to decode "${source}": ${what}`);

const optionalText = (fields: Fields, name: string): string | null | undefined => {
  const value = fields[name];
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : undefined;
};

const labelsOf = (value: unknown): Readonly<Record<string, string>> | null => {
  if (value === undefined || value === null) return {};
  const fields = fieldsOf(value);
  if (fields === null || Object.values(fields).some((v) => typeof v !== 'string')) return null;
  return fields as Readonly<Record<string, string>>;
};

const manifestOf = (fields: Fields, source: string): Result<Manifest, string> => {
  const [apiVersion, kind] = [optionalText(fields, 'apiVersion'), optionalText(fields, 'kind')];
  if (kind === null || kind === undefined || kind === '') return wrong(source, "Object 'Kind' is missing");
  if (apiVersion === null || apiVersion === undefined || apiVersion === '') return wrong(source, "Object 'apiVersion' is missing");
  const given = fields['metadata'];
  const metadata = given === undefined || given === null ? {} : fieldsOf(given);
  if (metadata === null) return wrong(source, `the metadata of a ${kind} are no fields`);
  const [name, namespace, generateName] = ['name', 'namespace', 'generateName'].map((field) => optionalText(metadata, field));
  const labels = labelsOf(metadata['labels']);
  if (name === undefined || namespace === undefined || labels === null) return wrong(source, `name, namespace and labels of a ${kind} have to be text`);
  if (name === null || name === '') {
    const generated = typeof generateName === 'string' && generateName !== '' ? `: generateName "${generateName}" names no object` : '';
    return fail(`${source}: resource name may not be empty for a ${kind}${generated}`);
  }
  return ok({ apiVersion, kind, name, namespace: namespace === '' ? null : namespace, labels, source });
};

const isList = (fields: Fields): fields is Fields & { readonly items: readonly unknown[] } =>
  Array.isArray(fields['items']) && typeof fields['kind'] === 'string' && fields['kind'].endsWith('List');

/** Lists in lists deeper than this are nobody's. */
const DEEPEST_LIST = 100;

/** Lists in lists too; items of a PodList need not say that they are pods (unstructured.go decodeToList). null: too deep. */
const unfolded = (fields: Fields, depth = 0): readonly unknown[] | null => {
  if (!isList(fields)) return [fields];
  if (depth >= DEEPEST_LIST) return null;
  const listKind = typeof fields['kind'] === 'string' ? fields['kind'] : '';
  const inferred = listKind === 'List' ? {} : { apiVersion: fields['apiVersion'], kind: listKind.slice(0, -'List'.length) };
  const objects: unknown[] = [];
  for (const item of fields.items) {
    const itemFields = fieldsOf(item);
    const inner = itemFields === null ? [item] : unfolded({ ...inferred, ...itemFields }, depth + 1);
    if (inner === null) return null;
    objects.push(...inner);
  }
  return objects;
};

/** The objects of one text, in order. Every flaw is an error: half of a file is not what was meant. */
export const manifestsIn = async (text: string, source: string): Promise<Result<readonly Manifest[], string>> => {
  const json = text.trimStart().startsWith('{') ? jsonValues(text) : null;
  const values = json === null ? await yamlValues(text, source) : ok(json);
  if (!values.ok) return values;
  const manifests: Manifest[] = [];
  for (const value of values.value) {
    if (value === null || value === undefined) continue;
    const fields = fieldsOf(value);
    if (fields === null) return fail(`error parsing ${source}: a document is no object`);
    const objects = unfolded(fields);
    if (objects === null) return wrong(source, 'its lists are nested too deeply');
    for (const object of objects) {
      const objectFields = fieldsOf(object);
      if (objectFields === null) return wrong(source, 'an item of a list is no object');
      const manifest = manifestOf(objectFields, source);
      if (!manifest.ok) return manifest;
      manifests.push(manifest.value);
    }
  }
  return ok(manifests);
};
