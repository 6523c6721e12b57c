/** What is fuzzed. Each subject reads one random input, and throws when what comes of it is neither a result nor one sentence. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { parse } from '../../src/cli/parse.ts';
import { linesOf } from '../../src/cluster/lines.ts';
import { readKubeconfig } from '../../src/connection/kubeconfig-text.ts';
import { readPlainYaml } from '../../src/connection/plain-yaml.ts';
import { KEPT_MS, readCache, writeCache } from '../../src/discovery/cache.ts';
import { parseLabelSelector } from '../../src/model/label-selector.ts';
import { selects, selectorText, textSelects } from '../../src/model/selector.ts';
import { knownFlags } from '../../src/options/flags.ts';
import { read } from '../../src/options/grammar.ts';
import { parsePolicy } from '../../src/policy/parse.ts';
import { printable, safeJson } from '../../src/report/printable.ts';
import { manifestsIn, textOf } from '../../src/targets/manifests.ts';
import { served } from '../discovery/recorded.ts';
import type { Random } from '../truth/random.ts';
import { bytesOf, mutated } from './mutate.ts';

export type Subject = (random: Random) => Promise<void> | void;

const isSentence = (text: unknown): void => {
  assert.ok(typeof text === 'string' && text.trim() !== '', 'it says nothing');
  assert.doesNotMatch(text, /\n\s+at .*:\d+:\d+|TypeError|is not a function|Cannot read prop|undefined/u, 'an error of the program itself');
};

const kubeconfigs: readonly [string, ...string[]] = [
  'apiVersion: v1\nkind: Config\ncurrent-context: c\ncontexts:\n- name: c\n  context:\n    cluster: k\n    user: u\n    namespace: shop\nclusters:\n- name: k\n  cluster:\n    server: https://api.example.com:6443\n    certificate-authority-data: LS0tLS1CRUdJTg==\nusers:\n- name: u\n  user:\n    token: t\n    exec:\n      apiVersion: client.authentication.k8s.io/v1\n      command: aws\n      args: [get-token]\n      env: null\n      interactiveMode: IfAvailable\n',
  '{"apiVersion":"v1","kind":"Config","current-context":"c","contexts":[{"name":"c","context":{"cluster":"k","user":"u"}}],"clusters":[{"name":"k","cluster":{"server":"https://h","insecure-skip-tls-verify":true}}],"users":[{"name":"u","user":{"as":"x","as-groups":["a"],"as-user-extra":{"k":["v"]},"auth-provider":{"name":"oidc","config":{"id-token":"x"}}}}]}',
  'apiVersion: v1\nkind: Config\nusers: &u\n  - name: "a"\n    user: {username: x, password: \'y\'}\n  - <<: {name: b}\n    user:\nclusters: []\npreferences: {}\n',
];

const byLibrary = (text: string): unknown => {
  const [document] = parseAllDocuments(text, { version: '1.1', uniqueKeys: false, logLevel: 'silent', prettyErrors: false, customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || (tag.tag !== 'tag:yaml.org,2002:timestamp' && Reflect.get(tag, 'format') !== 'TIME')) });
  if (document === undefined || !('contents' in document)) return null;
  return document.errors.length > 0 ? 'an error' : document.toJS();
};

const kubeconfig: Subject = async (random) => {
  const text = bytesOf(mutated(kubeconfigs, random), random).toString('utf8');
  const found = await readKubeconfig(text, '/home/jane/.kube/config');
  if (!found.ok) isSentence(found.error);
};

/** What our own reader takes, the library reads to the same value. */
const plainYaml: Subject = (random) => {
  const text = mutated(kubeconfigs, random);
  const value = readPlainYaml(text);
  if (value !== undefined) assert.ok(isDeepStrictEqual(value, byLibrary(text)), `read otherwise than by the library: ${JSON.stringify(text)}`);
};

const manifests: readonly [string, ...string[]] = [
  'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  namespace: ns\n  labels:\n    app: web\nspec:\n  containers:\n  - name: app\n    command: ["sh", "-c", "echo {"]\n---\n# nothing\n---\napiVersion: apps/v1\nkind: DeploymentList\nitems:\n- metadata: {name: a}\n',
  '{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","annotations":{"x":"}\\"{"}}}]}{"apiVersion":"v1","kind":"Pod","metadata":{"name":"b"}}',
  'base: &b {name: a}\napiVersion: v1\nkind: ConfigMap\nmetadata: {<<: *b, namespace: ns}\ndata:\n  text: |\n    line\n     more\n  folded: >-\n    x\n',
];
const manifest: Subject = async (random) => {
  const found = await manifestsIn(textOf(bytesOf(mutated(manifests, random), random)), 'FILE');
  if (!found.ok) return isSentence(found.error);
  for (const { apiVersion, kind, name, namespace, labels } of found.value) {
    for (const text of [apiVersion, kind, name, ...Object.values(labels)]) assert.equal(typeof text, 'string');
    assert.ok(name !== '' && (namespace === null || (typeof namespace === 'string' && namespace !== '')));
  }
};

const example = readFileSync(new URL('../../docs/policy.md', import.meta.url), 'utf8');
const policies: readonly [string, ...string[]] = [
  'apiVersion: kubectl-safe-delete/v1\nkind: Policy\nseverities:\n  last-replica: blocker\nprotected:\n  contexts: ["*prod*"]\n  namespaces: [kube-*]\n  labels: ["tier=gold,env in (a, b)"]\nbulkLimit: 20\nrules:\n- name: no-friday\n  message: Not on Fridays\n  severity: warning\n  when: now.getDayOfWeek() == 5 && object.metadata.labels.exists(k, k.startsWith("a"))\n',
  ...[...example.matchAll(/```yaml\n(apiVersion[\s\S]*?)```/gu)].map((m) => m[1] ?? ''),
];
const policy: Subject = async (random) => {
  const found = await parsePolicy(mutated(policies, random));
  if (found.ok) return;
  isSentence(found.error.message);
  assert.ok(found.error.line >= 1 && found.error.column >= 1);
};

const selectors: readonly [string, ...string[]] = ['app=web', 'app==web,tier!=db', 'env in (a, b),!gone', 'x notin (y),z', 'n>3,m<4', 'example.com/name=v.1_2-3'];
const labelSets = [{}, { app: 'web' }, { env: 'a', n: '5' }, { z: '', 'example.com/name': 'v.1_2-3' }] as const;
const selector: Subject = (random) => {
  const text = mutated(selectors, random, 400);
  const found = parseLabelSelector(text);
  for (const labels of labelSets) {
    assert.equal(typeof textSelects(text, labels), 'boolean');
    if (found.ok) assert.equal(typeof found.value(labels), 'boolean');
  }
  if (!found.ok) isSentence(found.error);
  // What is written for a list is read back as what it was.
  const key = (): string => random.one(['app', 'env', '__proto__', 'constructor', 'x/y', 'n']);
  const value = (): string => random.one(['', 'web', 'a', 'b', '5']);
  const structured = { matchLabels: { [key()]: value() }, matchExpressions: [{ key: key(), operator: random.one(['In', 'NotIn', 'Exists', 'DoesNotExist']), values: [] as string[] }] };
  if (['In', 'NotIn'].includes(structured.matchExpressions[0]?.operator ?? '')) structured.matchExpressions[0]?.values.push(value(), value());
  const written = selectorText(structured);
  for (const labels of labelSets) assert.equal(textSelects(written ?? '', labels), selects(structured, labels), `${String(written)} on ${JSON.stringify(labels)}`);
};

const words: readonly [string, ...string[]] = [
  'pod', 'web-1', 'pod/web-1', 'pods', 'all', '-', '--', '-f', 'x.yaml', '-n', 'shop', '-A', '-l', 'app=web', '-o', 'json', '-oyaml', '-y', '--yes', '--yes=false', '-i', '--confirm', '--confirm=3', '--force', '--now', '--grace-period=0', '--grace-period', '5', '--cascade', '--cascade=orphan', '--wait=false',
  '--timeout=1h', '--all', '--ignore-not-found', '--allow', 'finalizers', '--skip=local-data', '--evict', '--until', 'ready', '--strict', '--plain', '-v=9', '-v', '--context', 'c', '--token', 's', '--as=root', '--server=https://x', '--no-such', '-Z', '--raw=/x', 'explain', 'completion', '__complete', '--output=name', '--attach', '--logs', '--save', 'd', '--report', 'junit=f', '=', '-=', '--=', '---', '\u001b[2J', '',
];
const commandLine = (random: Random): string[] => Array.from({ length: random.between(0, 9) }, () => (random.chance(0.85) ? random.one(words) : mutated(words, random, 200)));

/** Every argument is a word, a flag, the value of one, the dash, or a problem. */
const argv: Subject = async (random) => {
  const line = commandLine(random);
  const reading = read(line, knownFlags);
  const named = new Set([...reading.assignments, ...reading.problems].map(({ at }) => at));
  let dashed = false;
  let wordsLeft = reading.words.length;
  for (const [at, word] of line.entries()) {
    if (named.has(at)) continue;
    // The value of the flag before it, or a word.
    const before = line[at - 1] ?? '';
    if (named.has(at - 1) && before.startsWith('-') && !dashed && reading.assignments.some((a) => a.at === at - 1 && a.value === word)) continue;
    if (word === '--' && !dashed) {
      dashed = true;
      continue;
    }
    assert.ok(reading.words.includes(word), `${JSON.stringify(word)} of ${JSON.stringify(line)} is lost`);
    wordsLeft -= 1;
  }
  assert.ok(wordsLeft <= 0, `words that nobody typed: ${JSON.stringify(line)}`);
  const parsed = await parse(line, {});
  if (!parsed.ok) isSentence(parsed.error.message.replaceAll('undefined', ''));
};

/** Whatever stands around it, --dry-run at a place where it can only be a flag is a dry run. */
const dryRun: Subject = async (random) => {
  const asked = random.one(['--dry-run', '--dry-run=server', '--dry-run=client', '--dry_run', '--dry-run=true']);
  const rest = commandLine(random).filter((word) => !/dry.?run/u.test(word));
  const place = rest.findIndex((word, at) => at > 0 && word !== '--' && !rest.slice(0, at).includes('--') && !(rest[at - 1] ?? '').startsWith('-'));
  const line = place < 0 || random.chance(0.5) ? [asked, ...rest] : [...rest.slice(0, place), asked, ...rest.slice(place)];
  const parsed = await parse(line, {});
  if (parsed.ok && parsed.value.command === 'delete') assert.notEqual(parsed.value.dryRun, 'none', JSON.stringify(line));
};

const server = 'https://api.example.test:6443';
const cacheFile = async (): Promise<string> => {
  let kept = '';
  await writeCache(server, { ...served, stale: [] }, { directory: '/c', clock: { now: () => 0, sleep: async () => await Promise.resolve() }, files: { read: async () => await Promise.resolve(new Uint8Array()), makeDirectory: async () => await Promise.resolve(), replace: async (_path, text) => { kept = typeof text === 'string' ? text : ''; await Promise.resolve(); } } });
  return kept;
};
const kept = await cacheFile();
const cache: Subject = async (random) => {
  const text = mutated([kept.slice(0, 3000), `${kept.slice(0, 400)}]}]}]}`, kept], random, kept.length + 5000);
  const found = await readCache(server, { directory: '/c', clock: { now: () => random.between(0, 2 * KEPT_MS), sleep: async () => await Promise.resolve() }, files: { read: async () => await Promise.resolve(bytesOf(text, random)), makeDirectory: async () => await Promise.resolve(), replace: async () => await Promise.resolve() } });
  for (const group of found?.groups ?? []) for (const version of group.versions) for (const kind of version.kinds) assert.equal(typeof kind.resource + typeof kind.namespaced, 'stringboolean');
};

const watchLines: readonly [string, ...string[]] = [
  '{"type":"ADDED","object":{"kind":"Pod","metadata":{"name":"größe-日本-🚀","uid":"u"}}}\n{"type":"BOOKMARK","object":{"kind":"Pod","metadata":{"resourceVersion":"7"}}}\r\n',
  '{"type":"ERROR","object":{"kind":"Status","code":410}}\n\n\n{"type":"DELETED",',
];
/** Lines arrive as they were sent, however they are cut into pieces. */
const lines: Subject = async (random) => {
  const bytes = bytesOf(mutated(watchLines, random), random);
  const pieces = async function* (): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; ) {
      const size = random.between(1, 40);
      yield bytes.subarray(at, at + size);
      at += size;
    }
  };
  const found: string[] = [];
  for await (const { text } of linesOf(pieces())) found.push(text);
  const all = bytes.toString('utf8').split('\n');
  const wanted = all.map((text, at) => (at < all.length - 1 && text.endsWith('\r') ? text.slice(0, -1) : text));
  if (wanted.at(-1) === '') wanted.pop();
  assert.deepEqual(found, wanted);
};

// oxlint-disable-next-line no-control-regex -- what a terminal acts on
const HARMFUL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\p{Cf}\p{Cs}]/u;
const printing: Subject = (random) => {
  const text = mutated(['pod web-1', '\u001b[31mred\u001b[0m', '\u001b]8;;http://x\u001b\\link', 'a\u202eb', '\u009b2J'], random);
  assert.doesNotMatch(printable(text), HARMFUL);
  assert.deepEqual(JSON.parse(safeJson({ text })), { text });
  assert.doesNotMatch(safeJson({ text }), HARMFUL);
};

export const subjects: Readonly<Record<string, Subject>> = { kubeconfig, plainYaml, manifest, policy, selector, argv, dryRun, cache, lines, printing };
