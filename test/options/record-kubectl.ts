// Records what a real kubectl sends and says for command lines: node test/options/record-kubectl.ts /usr/bin/kubectl
// Writes test/options/kubectl-recorded.json; the tests read that file and need no kubectl.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a DELETE asked for. */
export interface Sent {
  readonly namespace: string;
  readonly name: string;
  readonly gracePeriodSeconds: number | null;
  readonly propagationPolicy: string | null;
  readonly dryRun: readonly string[] | null;
  readonly as: string | null;
  readonly groups: readonly string[];
}

export interface Recorded {
  readonly argv: readonly string[];
  /** null when kubectl refused the command line. */
  readonly sent: readonly Sent[] | null;
  readonly error: string | null;
}

const file = new URL('kubectl-recorded.json', import.meta.url);

export const recorded = async (): Promise<readonly Recorded[]> => JSON.parse(await readFile(file, 'utf8')) as readonly Recorded[];

const answers: Readonly<Record<string, unknown>> = {
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/apis': { kind: 'APIGroupList', apiVersion: 'v1', groups: [] },
  '/api/v1': {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: 'v1',
    resources: [{ name: 'pods', singularName: 'pod', namespaced: true, kind: 'Pod', verbs: ['get', 'list', 'delete'], shortNames: ['po'] }],
  },
};

const sentBy = async (request: IncomingMessage, namespace: string, name: string): Promise<Sent> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  const body = JSON.parse(Buffer.concat(chunks).toString() || '{}') as Partial<Sent>;
  const isGroup = (index: number): boolean => request.rawHeaders[index - 1]?.toLowerCase() === 'impersonate-group';
  return {
    namespace,
    name,
    gracePeriodSeconds: body.gracePeriodSeconds ?? null,
    propagationPolicy: body.propagationPolicy ?? null,
    dryRun: body.dryRun ?? null,
    as: request.headers['impersonate-user']?.toString() ?? null,
    groups: request.rawHeaders.filter((_, index) => index % 2 === 1 && isGroup(index)),
  };
};

const record = async (kubectl: string): Promise<void> => {
  let sent: Sent[] = [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://stub');
    const place = /^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/]+)$/.exec(pathname);
    const reply = async (): Promise<unknown> => {
      if (place === null) return answers[pathname] ?? { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404 };
      const [, namespace = '', name = ''] = place;
      if (request.method === 'DELETE') sent.push(await sentBy(request, namespace, decodeURIComponent(name)));
      return { kind: 'Status', apiVersion: 'v1', status: 'Success', details: { name, kind: 'pods', uid: 'u' } };
    };
    void reply().then((body) => response.setHeader('content-type', 'application/json').end(JSON.stringify(body)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cache = await mkdtemp(join(tmpdir(), 'kubectl-record-'));
  const fixed = ['delete', '--kubeconfig=/dev/null', `--server=http://127.0.0.1:${(server.address() as AddressInfo).port}`, '--wait=false', `--cache-dir=${cache}`];
  const results: Recorded[] = [];
  for (const { argv } of await recorded()) {
    sent = [];
    const stderr = await new Promise<string>((resolve) => {
      let text = '';
      const child = spawn(kubectl, [...fixed, ...argv], { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, KUBECTL_KUBERC: 'false' } });
      child.stderr.on('data', (chunk: Uint8Array) => (text += Buffer.from(chunk).toString()));
      child.on('close', () => resolve(text));
    });
    const error = /^error: (.+)$/im.exec(stderr)?.[1] ?? null;
    results.push({ argv, sent: error === null ? sent : null, error });
  }
  server.close();
  await rm(cache, { recursive: true });
  await writeFile(file, `[\n${results.map((result) => `  ${JSON.stringify(result)}`).join(',\n')}\n]\n`);
};

if (import.meta.main) await record(process.argv[2] ?? 'kubectl');
