/** What cannot be carried out: one clear sentence on stderr, the documented exit code, a valid report with -o json, and nothing is deleted. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { withToken } from '../by-kubeconfig.ts';
import type { ScenarioContext } from '../context.ts';
import { reportOf } from '../reading.ts';
import { scenario } from '../scenario.ts';
import type { Need, Scenario } from '../scenario.ts';

/** What is wrong with one command line. */
interface Given {
  readonly args: readonly string[];
  readonly kubeconfig?: string;
  /** The last word has to stay the last: no -n, and -o in front. */
  readonly last?: true;
}

interface Row {
  readonly name: string;
  readonly given: (t: ScenarioContext) => Given | Promise<Given>;
  readonly needs?: readonly Need[];
  readonly code?: number;
  /** The report's error.code; null: the targets say it. */
  readonly error: string | null;
  readonly says: RegExp;
}

const pod = (...flags: readonly string[]): (() => Given) => () => ({ args: ['pod', 'bystander', '-y', ...flags] });

/** A server that answers everything in the same way; its address. */
const serverThat = async (t: ScenarioContext, answer: RequestListener): Promise<string> => {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const html =
  (status: number): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'text/html' }).end('<html><head><title>Sign in</title></head><body>Welcome</body></html>');
  };

const rows: readonly Row[] = [
  { name: 'an unknown type', given: () => ({ args: ['flobs', 'x', '-y'] }), error: 'unknown-type', says: /the server doesn't have a resource type "flobs"/ },
  { name: 'no such pod', given: () => ({ args: ['pod', 'missing', '-y'] }), code: 6, error: null, says: /Error from server \(NotFound\): pods "missing" not found/ },
  { name: 'a pod in a namespace that does not exist', given: () => ({ args: ['pod', 'bystander', '-y', '-n', 'no-such-namespace'] }), code: 6, error: null, says: /namespaces "no-such-namespace" not found/ },
  { name: 'no such context', given: pod('--context=nowhere'), error: 'context-not-found', says: /context "nowhere" does not exist/ },
  { name: 'no such cluster', given: pod('--cluster=nowhere'), error: 'cluster-not-found', says: /cluster "nowhere" does not exist/ },
  { name: 'no such user', given: pod('--user=nobody'), error: 'user-not-found', says: /auth info "nobody" does not exist/ },
  { name: 'a server that cannot be reached', given: pod('--server=https://127.0.0.1:1'), error: 'unreachable', says: /127\.0\.0\.1:1/ },
  { name: 'a server whose name does not resolve', given: pod('--server=https://no-such-host.invalid'), error: 'unreachable', says: /no-such-host\.invalid/ },
  {
    name: 'a server that takes the request and never answers',
    given: async (t) => ({ args: ['pod', 'bystander', '-y', '--request-timeout=1s', '--server', await serverThat(t, () => undefined)] }),
    error: 'timed-out',
    says: /127\.0\.0\.1/,
  },
  {
    name: 'a token that the server does not know',
    given: (t) => ({ args: ['pod', 'bystander', '-y'], kubeconfig: t.file('unknown-token', withToken(t.cluster.kubeconfig, 'not-a-token', 'stranger')) }),
    error: 'unauthorized',
    says: /You must be logged in to the server/,
  },
  {
    name: 'an expired token',
    needs: ['expired-credential'],
    given: (t) => ({ args: ['pod', 'bystander', '-y'], ...(t.cluster.expiredKubeconfig === null ? {} : { kubeconfig: t.cluster.expiredKubeconfig() }) }),
    error: 'unauthorized',
    says: /You must be logged in to the server/,
  },
  { name: 'a kubeconfig that does not exist', given: pod('--kubeconfig=/nowhere/config'), error: 'kubeconfig', says: /\/nowhere\/config: no such file or directory/ },
  { name: 'a kubeconfig that is a directory', given: pod('--kubeconfig=/'), error: 'kubeconfig', says: /directory/ },
  {
    name: 'a kubeconfig that is no YAML',
    given: (t) => ({ args: ['pod', 'bystander', '-y'], kubeconfig: t.file('broken', 'apiVersion: v1\nkind: Config\nclusters: [}\n') }),
    error: 'kubeconfig',
    says: /broken/,
  },
  { name: 'a certificate authority that does not exist', given: pod('--certificate-authority=/nowhere/ca.crt'), error: 'certificate', says: /\/nowhere\/ca\.crt/ },
  {
    name: "a proxy's HTML page instead of an answer",
    given: async (t) => ({ args: ['pod', 'bystander', '-y', '--server', await serverThat(t, html(200))] }),
    error: 'not-kubernetes',
    says: /127\.0\.0\.1/,
  },
  {
    name: "a proxy's error page instead of an answer",
    given: async (t) => ({ args: ['pod', 'bystander', '-y', '--server', await serverThat(t, html(502))] }),
    error: 'not-kubernetes',
    says: /502/,
  },
  {
    name: 'an answer that is no object',
    given: async (t) => ({
      args: ['pod', 'bystander', '-y', '--server', await serverThat(t, (_request, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"kind":"Pod","metadata":{}}'))],
    }),
    error: 'not-kubernetes',
    says: /127\.0\.0\.1/,
  },
  { name: '--now with --grace-period', given: pod('--now', '--grace-period=5'), error: 'conflicting-flags', says: /--now and --grace-period cannot be specified together/ },
  { name: '--force with a longer grace period', given: pod('--force', '--grace-period=5'), error: 'conflicting-flags', says: /--force and --grace-period greater than 0 cannot be specified together/ },
  { name: '--interactive with --yes', given: pod('-i'), error: 'conflicting-flags', says: /--interactive and --yes cannot be specified together/ },
  { name: '--interactive with --no-input', given: () => ({ args: ['pod', 'bystander', '-i', '--no-input'] }), error: 'conflicting-flags', says: /--interactive and --no-input/ },
  { name: 'an unknown flag', given: pod('--frobnicate'), error: 'unknown-flag', says: /unknown flag: --frobnicate/ },
  { name: 'an unknown short flag', given: pod('-Z'), error: 'unknown-flag', says: /unknown shorthand flag: 'Z' in -Z/ },
  { name: 'a flag without its value', given: () => ({ args: ['pod', 'bystander', '--confirm'], last: true }), error: 'flag-needs-value', says: /flag needs an argument: --confirm/ },
  { name: 'a duration that is none', given: pod('--timeout=5x'), error: 'invalid-value', says: /--timeout/ },
  { name: 'a number that is none', given: pod('--grace-period=soon'), error: 'invalid-value', says: /--grace-period/ },
  { name: 'a check to allow that does not exist', given: pod('--allow=nothing-like-it'), error: 'unknown-check', says: /nothing-like-it/ },
  { name: 'a check to allow that never blocks', given: pod('--allow=owner-controller'), error: 'unknown-check', says: /never blocks/ },
  { name: 'words of both forms', given: () => ({ args: ['pod/bystander', 'other', '-y'] }), error: 'mixed-forms', says: /there is no need to specify a resource type as a separate argument/ },
  { name: 'a name with too many parts', given: () => ({ args: ['pod/bystander/more', '-y'] }), error: 'bad-name', says: /may not have more than one slash/ },
  { name: 'a type without a name', given: () => ({ args: ['pod', '-y'] }), error: 'no-name', says: /no name was specified/ },
  { name: 'nothing at all', given: () => ({ args: ['-y'] }), error: 'no-target', says: /must provide one or more resources/ },
  { name: 'a name with control characters', given: () => ({ args: ['pod', 'a\u001B[2Jb', '-y'] }), code: 6, error: null, says: /pods "a.*b" not found/ },
  { name: 'a name that leads elsewhere', given: () => ({ args: ['pod', '..', '-y'] }), error: 'bad-name', says: /invalid resource name "\.\."/ },
  { name: 'an empty name', given: () => ({ args: ['pod', '', '-y'] }), error: 'bad-name', says: /resource name may not be empty/ },
  { name: '--raw', given: pod('--raw=/api/v1/namespaces/default/pods/bystander'), error: 'refused-flag', says: /--raw is refused/ },
];

const playRow = ({ name, needs = [], given, code = 1, error, says }: Row): Scenario =>
  scenario({
    id: 'bad-input',
    name: `${name}: one clear sentence, exit ${code}, a valid report, and nothing is deleted`,
    needs,
    run: async (t) => {
      await t.apply(t.make.pod('bystander', { spec: { nodeSelector: { nowhere: 'such' } } }));
      const { uid } = (await t.theObject('Pod', 'bystander')).metadata;
      const { args, last, ...options } = await given(t);
      const namespace = args.includes('-n') || last === true ? { namespace: null } : {};
      const words = await t.plugin(args, { ...options, ...namespace, timeoutMs: 30_000 });
      assert.equal(words.code, code);
      assert.equal(words.stdout, '', 'nothing on stdout');
      assert.match(words.stderr, says);
      assert.ok(words.stderr.trimEnd().split('\n').length <= 3, `short: ${words.stderr}`);
      // eslint-disable-next-line no-control-regex -- that is the point
      assert.doesNotMatch(words.stderr, /[\u0000-\u0009\u000B-\u001F]/, 'no control characters');
      const run = await t.plugin(last === true ? ['-o', 'json', ...args] : [...args, '-o', 'json'], { ...options, ...namespace, timeoutMs: 30_000 });
      assert.equal(run.code, code);
      const report = reportOf(run);
      assert.equal(report.deletionRequested, false);
      assert.equal(report.error?.code ?? null, error);
      if (error !== null) {
        assert.deepEqual(report.targets, []);
        assert.match(report.error?.message ?? '', says);
      }
      const now = await t.theObject('Pod', 'bystander');
      assert.deepEqual([now.metadata.uid, now.metadata.deletionTimestamp], [uid, undefined]);
    },
  });

export const badInput = [
  ...rows.map(playRow),
  scenario({
    id: 'bad-input',
    name: 'an unreadable output format: one clear sentence, exit 1, and nothing is deleted',
    run: async (t) => {
      await t.apply(t.make.pod('bystander', { spec: { nodeSelector: { nowhere: 'such' } } }));
      const run = await t.plugin(['pod', 'bystander', '-y', '-o', 'xml']);
      assert.equal(run.code, 1);
      assert.equal(run.stdout, '');
      assert.match(run.stderr, /unexpected -o output mode: xml/);
      assert.equal((await t.theObject('Pod', 'bystander')).metadata.deletionTimestamp, undefined);
    },
  }),
];
