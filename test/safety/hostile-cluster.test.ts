/** A server whose every text wants to fool the person at the terminal: names, labels, annotations, messages, log lines, warnings. Whole runs through main(). */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse } from 'yaml';
import type { EmbeddedCluster } from '../embedded/embedded.ts';
import { startEmbedded } from '../embedded/embedded.ts';
import type { Handle } from '../embedded/http.ts';
import { inProcess } from '../embedded/in-process.ts';
import { Manifests, onTerm } from '../scenario/manifests.ts';
import { runMain } from './stage.ts';
import type { Said, Scene } from './stage.ts';

/** Stands in what is created; on its way to the plugin it becomes EVIL, and back again in what the plugin asks for. */
const MARK = 'zzevilzz';
/** Parameters of its own, so that these sequences cannot be taken for ours. */
const EVIL = 'ev\u001b[99A\u001b[7;5mil\u001b]0;pwned\u0007\u001b]8;;http://evil\u001b\\x\u001b]8;;\u001b\\\u202Eexe.txt\u202C\u2066\u200B\u009b99m\u0090q\u009c\u0008\u0000\r\n::error::injected<script>"&\'|`\u{E0041}x\ud800';
const LONG = 'y'.repeat(200_000);

const escaped = JSON.stringify(EVIL).slice(1, -1);
const poisoned = (text: string): string => text.replaceAll(MARK, escaped).replaceAll('zzlongzz', LONG);
const cleaned = (text: string): string => text.replaceAll(encodeURIComponent(EVIL.replaceAll('\ud800', '\ufffd')), MARK).replaceAll(escaped, MARK);

const intercept = (next: Handle): Handle => async (request) => {
  const answer = await next({ ...request, url: cleaned(request.url), body: cleaned(request.body) });
  const headers = { ...answer.headers, warning: '299 - "ev\\u001b[99Ail \u009b99m"' };
  if (typeof answer.body === 'string') return { ...answer, headers, body: poisoned(answer.body) };
  const { body } = answer;
  return {
    ...answer,
    headers,
    body: (async function* () {
      // A log is no JSON: it gets the bytes themselves.
      for await (const chunk of body) yield request.url.includes('/log?') ? chunk.replaceAll(MARK, EVIL) : poisoned(chunk);
    })(),
  };
};

/** What a terminal acts on, beside the sequences that are ours: colours, the cursor, and erasing what we wrote. */
// oxlint-disable-next-line no-control-regex -- our own sequences
const OURS = /\u001b\[(?:\?(?:25|2026)[hl]|[0-9]{0,2}[AGKJ]|(?:[0-9]|[23][0-9]|9[0-7])?m)|\r?\n|\r/gu;
// oxlint-disable-next-line no-control-regex -- what a terminal acts on
const HARMFUL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\p{Cf}\p{Cs}]/u;
const theirs = (text: string): string => text.replaceAll('\u001b[99A', '<<CURSOR>>').replaceAll('\u001b[7;5m', '<<BLINK>>').replaceAll(OURS, '\n');
const harmless = (said: Pick<Said, 'stdout' | 'stderr'>, what: string): void => {
  for (const stream of ['stdout', 'stderr'] as const) {
    const text = theirs(said[stream]);
    const at = text.search(HARMFUL);
    assert.equal(at, -1, `${what}: ${stream} holds ${JSON.stringify(text.slice(Math.max(0, at - 40), at + 40))}`);
    assert.doesNotMatch(text, /<<|internal error/u, `${what}: ${stream}`);
    // GitHub reads commands from lines of a log; at a terminal a table may begin a line with anything.
    if (!said[stream].includes('\u001b[')) assert.doesNotMatch(text, /\n::error::injected/u, `${what}: ${stream}`);
  }
};

const make = new Manifests({ image: 'localhost/busybox:1', imagePullPolicy: 'Never' });

describe('a hostile cluster', { concurrency: 1 }, () => {
  let cluster: EmbeddedCluster;
  const home = mkdtempSync(join(tmpdir(), 'hostile-'));
  let kubeconfig = '';
  let made = 0;

  const file = (name: string, text: string): string => {
    writeFileSync(join(home, name), text);
    return join(home, name);
  };
  /** A pod that has the mark everywhere where text may stand. */
  const pod = async (prefix = 'p'): Promise<string> => {
    made += 1;
    const name = `${prefix}${made}`;
    const send = inProcess(cluster);
    const manifest = make.pod(name, { grace: 1, containers: [{ name: MARK, command: onTerm(0) }], metadata: { labels: { app: MARK, run: name.replace(MARK, 'run') }, annotations: { note: MARK, long: 'zzlongzz', 'kubectl-safe-delete/protect': `${MARK} zzlongzz`, 'argocd.argoproj.io/tracking-id': `${MARK}:/Pod:shop/${name}` }, finalizers: [] } });
    const answer = await send('POST', '/api/v1/namespaces/shop/pods', { ...manifest, metadata: { ...manifest.metadata, namespace: 'shop' } });
    assert.ok(answer.status < 300, JSON.stringify(answer.body));
    await send('POST', '/api/v1/namespaces/shop/events', { apiVersion: 'v1', kind: 'Event', metadata: { name: `e${made}`, namespace: 'shop' }, involvedObject: { kind: 'Pod', name, namespace: 'shop' }, reason: MARK, message: `${MARK} zzlongzz`, type: 'Warning' });
    return name;
  };
  const run = async (argv: readonly string[], scene: Partial<Scene> = {}): Promise<Said> => await runMain([...argv, '-n', 'shop'], { home, kubeconfig, ...scene });

  before(async () => {
    cluster = await startEmbedded({ intercept });
    const send = inProcess(cluster);
    await send('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { x: MARK } } });
    await send('POST', '/api/v1/namespaces/shop/serviceaccounts', { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'shop' } });
    await send('POST', '/apis/policy/v1/namespaces/shop/poddisruptionbudgets', { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'b', namespace: 'shop', annotations: { x: MARK } }, spec: { minAvailable: 0, selector: { matchLabels: { app: MARK } } } });
    // Names of the kubeconfig are a file's, and no better.
    const config = JSON.parse(readFileSync(cluster.kubeconfig, 'utf8')) as { contexts: { name: string }[]; 'current-context': string };
    for (const context of config.contexts) context.name = EVIL;
    config['current-context'] = EVIL;
    kubeconfig = join(home, 'config');
    writeFileSync(kubeconfig, JSON.stringify(config));
  });
  after(async () => {
    await cluster.stop();
    rmSync(home, { recursive: true, force: true });
  });

  const allow = ['-y', '--allow', 'protection-markers'];
  for (const columns of [undefined, 40, 80]) {
    const where = columns === undefined ? 'a pipe' : `${columns} columns`;
    test(`nothing but printable text reaches ${where}: the plan, the question, the way of a pod, its log`, async () => {
      const name = await pod();
      const scene = columns === undefined ? {} : { columns, typed: 'no' };
      harmless(await run([`pod/${name}`], scene), 'blocked');
      harmless(await run([`pod/${name}`, '--allow', 'protection-markers', '--color=always'], scene), 'asked');
      harmless(await run([`pod/${name}`, '--dry-run', '-v=8'], scene), 'logged');
      const gone = await run([`pod/${name}`, ...allow, '--logs'], scene);
      harmless(gone, 'deleted');
      assert.equal(gone.code, 0, gone.stderr);
    });
  }

  for (const output of ['json', 'ndjson', 'yaml', 'name'] as const) {
    test(`-o ${output} stays what it is, and shows nothing that a terminal acts on`, async () => {
      const name = await pod();
      const said = await run([`pod/${name}`, ...allow, '-o', output]);
      harmless(said, output);
      assert.equal(said.code, 0, said.stderr);
      if (output === 'json') assert.ok((JSON.parse(said.stdout) as { readonly exitCode: number }).exitCode === 0);
      if (output === 'ndjson') for (const line of said.stdout.trimEnd().split('\n')) JSON.parse(line);
      if (output === 'yaml') assert.equal((parse(said.stdout) as { readonly kind: string }).kind, 'DeletionReport');
    });
  }

  test('reports for CI, and what --save writes, hold nothing that a terminal acts on, under names that stay in their folder', async () => {
    const name = await pod(`${MARK}-`);
    const folder = join(home, 'saved');
    const said = await run(['pods', '-l', `run=${name.replace(MARK, 'run')}`, ...allow, '--save', folder, '--report', `junit=${join(home, 'r.xml')}`, '--report', `markdown=${join(home, 'r.md')}`], { env: { GITHUB_ACTIONS: 'true', CI: 'true' } });
    assert.equal(said.code, 0, said.stderr);
    harmless(said, 'CI');
    const files = readdirSync(folder, { recursive: true }).map(String);
    assert.ok(files.length > 0);
    for (const path of files) assert.match(path, /^(?:(?:logs|events|recreated)(?:\/|$))?[\w.-]*$/u);
    const [xml, markdown] = [readFileSync(join(home, 'r.xml'), 'utf8'), readFileSync(join(home, 'r.md'), 'utf8')];
    for (const text of [xml, markdown]) assert.equal(text.replaceAll('\n', ' ').search(HARMFUL), -1);
    assert.doesNotMatch(xml, /<script>/u);
    assert.doesNotMatch(markdown, /<script>/u);
  });

  test('errors: a name that is not there, a kind that is not there, a context that is not there', async () => {
    for (const argv of [[`pod/${EVIL.slice(0, 12)}`], ['pod', EVIL], [EVIL, 'x'], ['pod', 'x', '--context', EVIL], ['pod', 'x', `--${EVIL}`], ['-f', EVIL], ['pod', '-l', EVIL], ['pod', 'x', '--policy', EVIL], ['pod', 'x', '-o', EVIL], ['explain', EVIL], ['pod', 'x', '--allow', EVIL]]) {
      const said = await run(argv);
      assert.ok(said.code !== 0 || argv.includes('-l'), JSON.stringify(argv));
      harmless(said, JSON.stringify(argv));
    }
  });

  test('completion offers nothing that a shell or a terminal would read as more than a name', async () => {
    for (const argv of [['pod', ''], ['--context', ''], ['pod', '--exit-code-from', ''], ['', ''], ['-n', '']]) {
      const said = await runMain(['__complete', ...argv], { home, kubeconfig });
      harmless({ ...said, stdout: said.stdout.replaceAll('\t', ' ') }, argv.join(' '));
      assert.match(said.stdout, /:\d+\n$/u);
    }
  });

  test('a manifest, a policy and an exec plugin with such texts end in sentences without them', async () => {
    const manifest = file('m.json', JSON.stringify({ apiVersion: EVIL, kind: EVIL, metadata: { name: EVIL, namespace: EVIL } }));
    const policy = file('p.yaml', JSON.stringify({ apiVersion: 'kubectl-safe-delete/v1', kind: 'Policy', rules: [{ name: 'r', message: EVIL, when: 'true' }] }));
    const broken = file('b.yaml', `apiVersion: kubectl-safe-delete/v1\nkind: Policy\n${JSON.stringify(EVIL)}: 1\n`);
    const config = file('exec', JSON.stringify({ 'current-context': 'c', contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }], clusters: [{ name: 'k', cluster: { server: cluster.server } }], users: [{ name: 'u', user: { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: EVIL, installHint: EVIL, interactiveMode: 'Never' } } }] }));
    const name = await pod();
    harmless(await run(['-f', manifest]), 'manifest');
    const from = cluster.audit().length;
    for (const outside of ['..', '.', '../../../namespaces/shop', 'a%2fb']) {
      const said = await run(['-f', file('o.json', JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: outside, namespace: 'shop' } })), '-y']);
      assert.notEqual(said.code, 0);
    }
    assert.deepEqual(cluster.audit().slice(from).filter(({ requestURI }) => /\/\.\.?(?:\/|$)|%2f/iu.test(requestURI)).map(({ requestURI }) => requestURI), [], 'a name is no path');
    harmless(await run([`pod/${name}`, '--policy', policy]), 'policy');
    harmless(await run([`pod/${name}`, '--policy', broken]), 'broken policy');
    harmless(await run([`pod/${name}`], { kubeconfig: config }), 'exec');
  });
});
