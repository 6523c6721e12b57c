import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { complete, type Completed } from '../../src/options/complete.ts';
import type { DeleteOptionsOfRun, UsageError } from '../../src/options/options.ts';
import type { Ids } from '../../src/options/validate.ts';

const blocking = ['stateful-set', 'forced-identity', 'persistent-volume-claims', 'mirror-pod'];
const ids: Ids = { allowable: new Set(blocking), known: new Set([...blocking, 'finalizers', 'finalizer-known']), checks: new Set(['stateful-set', 'finalizers']) };

const split = (line: string): readonly string[] => [...line.matchAll(/'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '');

const completed = (line: string, env: Readonly<Record<string, string>> = {}): Completed => {
  const result = complete(split(line), env, ids);
  assert.ok(result.ok, result.ok ? '' : result.error.message);
  return result.value;
};
const options = (line: string, env: Readonly<Record<string, string>> = {}): DeleteOptionsOfRun => {
  const value = completed(line, env);
  assert.ok(value.command === 'delete');
  return value;
};
const refused = (line: string): UsageError => {
  const result = complete(split(line), {}, ids);
  assert.ok(!result.ok, `accepted: ${line}`);
  return result.error;
};

describe('options of a deletion', () => {
  test('are these by default', () => {
    assert.deepEqual(options('pod web-1'), {
      command: 'delete',
      words: ['pod', 'web-1'],
      selection: { labelSelector: null, fieldSelector: null, all: false, allNamespaces: false, filenames: [], kustomize: null, recursive: false },
      connection: {
        kubeconfig: null, context: null, cluster: null, user: null, namespace: null, server: null, token: null, username: null, password: null,
        as: null, asUid: null, asGroup: [], asUserExtra: [], certificateAuthority: null, clientCertificate: null, clientKey: null,
        insecureSkipTlsVerify: null, tlsServerName: null, requestTimeoutMs: null, cacheDir: null, disableCompression: null,
      },
      dryRun: 'none',
      consent: { yes: false, confirm: null, confirmPlan: null, interactive: false, noInput: false },
      deletion: { gracePeriodSeconds: null, force: false, cascade: 'background', wait: true, timeoutSeconds: null, ignoreNotFound: false },
      allow: [],
      strict: false,
      skip: [],
      skipBlocked: false,
      exitCodeFrom: null,
      requireCleanExit: false,
      evict: false,
      oneAtATime: false,
      until: 'gone',
      attach: false,
      logs: false,
      save: null,
      saveSecrets: false,
      reports: [],
      warningsAsErrors: false,
      policy: null,
      checkTimeoutMs: 30_000,
      output: 'human',
      color: 'auto',
      plain: false,
      verbosity: 0,
    });
  });

  test('--strict, --skip and --skip-blocked arrive, and with --strict every check can be allowed', () => {
    const asked = options('pod x --strict --skip finalizers,stateful-set --skip-blocked --allow finalizer-known');
    assert.deepEqual([asked.strict, asked.skip, asked.skipBlocked, asked.allow], [true, ['finalizers', 'stateful-set'], true, ['finalizer-known']]);
  });

  test('--policy names a file, and --allow takes the names of its rules and the ids that it may make blockers of', () => {
    const asked = options('pod x --policy site.yaml --allow policy/no-friday,finalizers');
    assert.deepEqual([asked.policy, asked.allow], ['site.yaml', ['policy/no-friday', 'finalizers']]);
  });

  test('--confirm-plan takes a digest', () => {
    assert.equal(options(`pod x --confirm-plan ${'0a'.repeat(32)}`).consent.confirmPlan, '0a'.repeat(32));
  });

  const connection: Readonly<Record<string, readonly [line: string, expected: Partial<DeleteOptionsOfRun['connection']>]>> = {
    'every connection flag arrives where it belongs': [
      '--kubeconfig a --context b --cluster c --user d -s e --token f --username g --password h --as i --as-uid j --certificate-authority k --client-certificate l --client-key m --tls-server-name n --cache-dir o',
      { kubeconfig: 'a', context: 'b', cluster: 'c', user: 'd', server: 'e', token: 'f', username: 'g', password: 'h', as: 'i', asUid: 'j',
        certificateAuthority: 'k', clientCertificate: 'l', clientKey: 'm', tlsServerName: 'n', cacheDir: 'o' },
    ],
    'groups are repeated and keep their commas': ['--as-group a,b --as-group=c', { asGroup: ['a,b', 'c'] }],
    'extra user information keeps its equals signs': ['--as-user-extra k=v=w --as-user-extra k=x', { asUserExtra: ['k=v=w', 'k=x'] }],
    'false differs from not given': ['--insecure-skip-tls-verify=false --disable-compression', { insecureSkipTlsVerify: false, disableCompression: true }],
    'an empty value is the same as none, as in kubectl': ["--context= --token '' -n ''", { context: null, token: null, namespace: null }],
    'a request time-out without a unit counts seconds': ['--request-timeout=5', { requestTimeoutMs: 5000 }],
    'a request time-out with a unit': ['--request-timeout 1m30s', { requestTimeoutMs: 90_000 }],
    'a request time-out of 0 is no limit': ['--request-timeout=0', { requestTimeoutMs: 0 }],
  };
  for (const [name, [line, expected]] of Object.entries(connection)) {
    test(name, () => assert.deepEqual(options(`pod x ${line}`).connection, { ...options('pod x').connection, ...expected }));
  }

  const deletions: Readonly<Record<string, readonly [line: string, expected: Partial<DeleteOptionsOfRun['deletion']>]>> = {
    'a time-out is given in seconds': ['--timeout=1h2m3.5s', { timeoutSeconds: 3723.5 }],
    'a time-out of 0 is no limit': ['--timeout 0', { timeoutSeconds: 0 }],
    'a time-out in milliseconds': ['--timeout=1500ms', { timeoutSeconds: 1.5 }],
    'the last time-out wins': ['--timeout=5s --timeout=6s', { timeoutSeconds: 6 }],
    'not waiting needs the equals sign': ['--wait=false', { wait: false }],
    'a grace period of 0 without force is 1': ['--grace-period=0', { gracePeriodSeconds: 1 }],
    'now is a grace period of 1': ['--now', { gracePeriodSeconds: 1 }],
    'force is a grace period of 0': ['--force', { gracePeriodSeconds: 0, force: true }],
    'force keeps a grace period of 0': ['--force --grace-period=0', { gracePeriodSeconds: 0, force: true }],
    'a negative grace period leaves it to the pod': ['--grace-period=-1', { gracePeriodSeconds: null }],
    'foreground': ['--cascade=foreground', { cascade: 'foreground' }],
    'orphan': ['--cascade=orphan', { cascade: 'orphan' }],
    'not found may be ignored': ['--ignore-not-found', { ignoreNotFound: true }],
  };
  for (const [name, [line, expected]] of Object.entries(deletions)) {
    test(name, () => assert.deepEqual(options(`pod x ${line}`).deletion, { ...options('pod x').deletion, ...expected }));
  }

  const selections: Readonly<Record<string, readonly [line: string, expected: Partial<DeleteOptionsOfRun['selection']>]>> = {
    'a label selector': ['-l app=web,tier!=x', { labelSelector: 'app=web,tier!=x' }],
    'a label selector, joined to its letter': ['-lapp=web', { labelSelector: 'app=web' }],
    'spaces around a selector count for nothing': ["-l ' app=web ' --field-selector ' a=b'", { labelSelector: 'app=web', fieldSelector: 'a=b' }],
    'an empty selector is none, as in kubectl': ["-l '' --field-selector ' '", { labelSelector: null, fieldSelector: null }],
    'all of all namespaces': ['--all -A', { all: true, allNamespaces: true }],
    'files are repeated and split at commas': ['-f a,b -f=- -R', { filenames: ['a', 'b', '-'], recursive: true }],
    'a kustomization': ['-k dir', { kustomize: 'dir' }],
    'false flags are the default': ['--all=false -A=false -R=false', {}],
  };
  for (const [name, [line, expected]] of Object.entries(selections)) {
    test(name, () => assert.deepEqual(options(`pod ${line}`).selection, { ...options('pod x').selection, ...expected }));
  }

  const ignored: Readonly<Record<string, boolean>> = {
    'pods --all': true, 'pods -l a=b': true, 'pods --field-selector a=b': true, 'pods x': false, '-f x': false, 'pods --all --ignore-not-found=false': false, "pods x -l ''": false,
  };
  for (const [line, expected] of Object.entries(ignored)) {
    test(`${line}: a name that does not exist is ${expected ? 'no' : 'an'} error`, () => assert.equal(options(line).deletion.ignoreNotFound, expected));
  }

  const dryRuns: Readonly<Record<string, DeleteOptionsOfRun['dryRun']>> = {
    '--dry-run': 'server', '--dry-run=server': 'server', '--dry-run=true': 'server', '--dry-run=client': 'client', '--dry-run=none': 'none', '--dry-run=false': 'none',
    '--dry-run --dry-run=none': 'none', '--dry-run=none --dry-run=client': 'client',
  };
  for (const [line, expected] of Object.entries(dryRuns)) test(`${line} is ${expected}`, () => assert.equal(options(`pod x ${line}`).dryRun, expected));

  test('a bare dry run leaves the words alone', () => assert.deepEqual(options('--dry-run pod x').words, ['pod', 'x']));
  test('a value after a bare dry run is a word, as in kubectl', () => assert.deepEqual(options('pod x --dry-run client').words, ['pod', 'x', 'client']));
});

describe('consent', () => {
  const cases: Readonly<Record<string, readonly [line: string, env: Readonly<Record<string, string>>, expected: Partial<DeleteOptionsOfRun['consent']>]>> = {
    'yes': ['-y', {}, { yes: true }],
    'confirm implies yes': ['--confirm web-1', {}, { yes: true, confirm: 'web-1' }],
    'confirm with a number stays what was typed': ['--confirm=03', {}, { yes: true, confirm: '03' }],
    'asking': ['-i', {}, { interactive: true }],
    'combined short flags': ['-i=false -iv6', {}, { interactive: true }],
    'no input': ['--no-input', {}, { noInput: true }],
    'CI=true never asks': ['', { CI: 'true' }, { noInput: true }],
    'CI=1 never asks': ['', { CI: '1' }, { noInput: true }],
    'CI=false asks': ['', { CI: 'false' }, { noInput: false }],
    'an empty CI asks': ['', { CI: '' }, { noInput: false }],
    'a report as JSON never asks': ['-o json', {}, { noInput: true }],
    'a report as ndjson never asks': ['-ondjson', {}, { noInput: true }],
    'a report as YAML never asks': ['--output=yaml', {}, { noInput: true }],
    'names never ask': ['-o=name', {}, { noInput: true }],
  };
  for (const [name, [line, env, expected]] of Object.entries(cases)) {
    test(name, () => assert.deepEqual(options(`pod x ${line}`, env).consent, { ...options('pod x').consent, ...expected }));
  }
});

describe('lists and the rest', () => {
  test('allow takes commas and repetition', () =>
    assert.deepEqual(options('pod x --allow stateful-set,mirror-pod --allow=forced-identity').allow, ['stateful-set', 'mirror-pod', 'forced-identity']));
  test('check time-out is in milliseconds', () => assert.equal(options('pod x --check-timeout=1.5s').checkTimeoutMs, 1500));
  test('verbosity', () => assert.equal(options('pod x -v6').verbosity, 6));
  test('colour', () => assert.equal(options('pod x --color never --plain').color, 'never'));
  test('an empty output is the one for people', () => assert.equal(options("pod x -o ''").output, 'human'));
  test('words stay as typed', () => assert.deepEqual(options('pod 007 0x10 1e3 true -').words, ['pod', '007', '0x10', '1e3', 'true', '-']));
  test('after two dashes nothing is a flag', () => assert.deepEqual(options('pod -- --force -y --').words, ['pod', '--force', '-y', '--']));
});

describe('commands', () => {
  const cases: Readonly<Record<string, Completed>> = {
    help: { command: 'help' },
    '--help': { command: 'help' },
    '-h': { command: 'help' },
    'pod x -yh': { command: 'help' },
    'help pod': { command: 'help' },
    'pod x --help --now --grace-period=5': { command: 'help' },
    '--version': { command: 'version', output: 'human' },
    '--version -o json': { command: 'version', output: 'json' },
    version: { command: 'version', output: 'human' },
    explain: { command: 'explain', topic: null, output: 'human' },
    'explain finalizers -o json': { command: 'explain', topic: 'finalizers', output: 'json' },
    '-n shop explain finalizers': { command: 'explain', topic: 'finalizers', output: 'human' },
  };
  for (const [line, expected] of Object.entries(cases)) test(`${line} is ${expected.command}`, () => assert.deepEqual(completed(line), expected));

  test('a type may be called version', () => assert.deepEqual(options('version v1').words, ['version', 'v1']));
  test('after two dashes a type may be called explain', () => assert.deepEqual(options('-- explain x').words, ['explain', 'x']));
  test('--attach goes with what neither deletes nor consents', () => {
    for (const flag of ['--strict', '--dry-run=none', '--dry-run=false', '--wait=false', '--timeout=5s', '--no-input', '--skip finalizers', '--ignore-not-found', '--until=ready', '--grace-period=-1'])
      assert.equal(completed(`pod x --attach ${flag}`).command, 'delete', flag);
  });
  test('--help=false is not help', () => assert.equal(completed('pod x --help=false').command, 'delete'));
});

describe('usage errors', () => {
  const cases: Readonly<Record<string, readonly [code: string, message: RegExp, remedy?: RegExp]>> = {
    '': ['no-target', /^you must provide one or more resources by argument/],
    '-n shop': ['no-target', /^you must provide one or more resources/],
    'pod x -i -y': ['conflicting-flags', /^--interactive and --yes cannot/],
    'pod x -iy': ['conflicting-flags', /^--interactive and --yes cannot/],
    'pod x -i --confirm x': ['conflicting-flags', /^--interactive and --confirm cannot/],
    'pod x -i --no-input': ['conflicting-flags', /^--interactive and --no-input cannot/],
    "pod x --confirm ''": ['invalid-value', /^--confirm needs a name or a number/],
    'pod x --now --grace-period 5': ['conflicting-flags', /^--now and --grace-period cannot be specified together$/],
    'pod x --force --grace-period 5': ['conflicting-flags', /^--force and --grace-period greater than 0 cannot be specified together$/],
    'pod x --dry-run=1': ['invalid-value', /^Invalid dry-run value \(1\)/],
    'pod x --dry-run=unchanged': ['invalid-value', /^Invalid dry-run value/],
    'pod x -o wide': ['invalid-value', /^unexpected -o output mode: wide; it is one of json, ndjson, yaml, name$/],
    'pod x -o human': ['invalid-value', /^unexpected -o output mode/],
    'pod x -o jsn': ['invalid-value', /jsn/, /did you mean -o json/],
    'pod x --color sometimes': ['invalid-value', /^invalid color value/],
    'pod x --timeout=-5s': ['invalid-value', /^--timeout must not be negative$/],
    'pod x --check-timeout 0': ['invalid-value', /^--check-timeout must be greater than 0$/],
    'pod x --request-timeout=-5s': ['invalid-value', /^--request-timeout must not be negative$/],
    'pod x --allow statefulset': ['unknown-check', /no check or code is named "statefulset"/, /did you mean stateful-set/],
    'pod x --allow owner': ['unknown-check', /no check or code is named "owner"/, /forced-identity, mirror-pod, persistent-volume-claims, stateful-set/],
    'pod x --allow stateful-set,all': ['unknown-check', /"all"/],
    'pod x --allow policy/': ['unknown-check', /^--allow: no check or code is named "policy\/"/],
    "pod x --policy ''": ['invalid-value', /^--policy needs a file, and got nothing/],
    'explain finalisers': ['unknown-check', /^explain: no check or code is named "finalisers"$/, /did you mean finalizers/],
    'pod x --forse': ['unknown-flag', /^unknown flag: --forse$/, /did you mean --force\?/],
    'pod x --ignore-notfound': ['unknown-flag', /unknown flag/, /--ignore-not-found/],
    'pod x --no-wait': ['unknown-flag', /unknown flag/, /--wait=false/],
    'pod x -grace-period=5': ['unknown-flag', /unknown shorthand flag: 'g'/, /did you mean --grace-period=5/],
    'pod x --timeout': ['flag-needs-value', /^flag needs an argument: --timeout$/, /--timeout=DURATION/],
    'pod x ---force': ['bad-flag-syntax', /^bad flag syntax: ---force$/],
    'explain a b': ['too-many-words', /explain takes one check or code, and got 2/],
    'explain finalizers -o name': ['invalid-value', /explain prints for people or with -o json/],
    'completion tcsh': ['invalid-value', /^completion takes one shell: bash, zsh, fish$/],
    'completion bash zsh': ['invalid-value', /^completion takes one shell/],
    'pod x --raw=/api/v1': ['refused-flag', /^--raw is refused: /],
    'pod x --confirm-plan sha256:abc': ['invalid-value', /^--confirm-plan takes the planDigest of a dry run/, /--dry-run -o json/],
    'pod x --evict --force': ['conflicting-flags', /^--evict and --force cannot be specified together/],
    'pod x --exit-code-from app --require-clean-exit': ['conflicting-flags', /^--exit-code-from and --require-clean-exit cannot be specified together/],
    'pod x --exit-code-from app --wait=false': ['conflicting-flags', /^--exit-code-from and --wait=false cannot be specified together/],
    'pod x --one-at-a-time --force': ['conflicting-flags', /^--one-at-a-time and --force cannot be specified together/],
    'pod x --one-at-a-time --wait=false': ['conflicting-flags', /^--one-at-a-time and --wait=false cannot be specified together/],
    'pod x --logs --wait=false': ['conflicting-flags', /^--logs and --wait=false cannot be specified together/],
    'pod x --now --force': ['conflicting-flags', /^--force and --grace-period greater than 0 cannot be specified together$/],
    'pod x --until=later': ['invalid-value', /^invalid until value \(later\)/],
    'pod x --save-secrets': ['conflicting-flags', /^--save-secrets needs --save$/],
    'pod x --cascade=deep': ['invalid-value', /^invalid cascade value \(deep\)/],
    ...Object.fromEntries(
      ['yes', 'interactive', 'now', 'force', 'evict', 'one-at-a-time', 'skip-blocked', 'confirm=x', `confirm-plan=${'a'.repeat(64)}`, 'cascade=orphan', 'dry-run', 'save=x', 'grace-period=5', 'allow=finalizers']
        .map((flag) => [`pod x --attach --${flag}`, ['conflicting-flags', new RegExp(`^--attach and --${flag.split('=')[0] ?? ''} cannot be specified together`, 'u')]]),
    ),
    'pod x --exit-code-from=': ['invalid-value', /^--exit-code-from needs the name of a container/],
    'pod x --skip finalizer-known': ['unknown-check', /^--skip: "finalizer-known" is a code/],
    'pod x --skip finaliser': ['unknown-check', /^--skip: no check or code is named "finaliser"/, /did you mean finalizers/],
    'pod x --report html=x': ['invalid-value', /^--report html=x: it takes junit=FILE or markdown=FILE$/],
    'pod --all -l a=b': ['conflicting-flags', /^cannot set --all and --selector at the same time$/],
    'pod --all --field-selector a=b': ['conflicting-flags', /^cannot set --all and --field-selector at the same time$/],
    '-f x -k .': ['conflicting-flags', /^only one of -f or -k can be specified$/],
    '-k . -R': ['conflicting-flags', /^the -k flag can't be used with -f or -R$/],
  };
  for (const [line, [code, message, remedy]] of Object.entries(cases)) {
    test(`${line === '' ? '(nothing)' : line}: ${code}`, () => {
      const error = refused(line);
      assert.equal(error.code, code);
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /\n/);
      if (remedy !== undefined) assert.match(error.remedy ?? '', remedy);
    });
  }

  const outputs: Readonly<Record<string, UsageError['output']>> = {
    '--foo -o json': 'json',
    '-o json --foo': 'json',
    'pod x --timeout=x -oyaml': 'yaml',
    'pod x -o json -i -y': 'json',
    'pod x -zo json --output ndjson': 'ndjson',
    '-o name': 'name',
    'pod x -o wide': 'human',
    'pod x --evict --force -o json': 'json',
    'pod x --bad -- -o json': 'human',
  };
  for (const [line, output] of Object.entries(outputs)) test(`${line}: the report comes as ${output}`, () => assert.equal(refused(line).output, output));

  test('the first thing wrong is the one reported, as in kubectl', () => {
    assert.match(refused('pod x --timeout=x --foo').message, /^invalid argument/);
    assert.match(refused('pod x --foo --timeout=x').message, /^unknown flag/);
  });

  test('what was typed reaches the message without control characters of values', () => {
    assert.equal(refused("pod x --timeout=\u001b[2J\u009b").message, String.raw`invalid argument "\u001b[2J\u009b" for "--timeout" flag: time: invalid duration "\u001b[2J\u009b"`);
  });
});

describe('flags that this version does not have', () => {
  for (const line of ['--all=false', "-l ''", '--field-selector=', '-R=false', '--evict=false', '--strict=0', '--all --all=false']) {
    test(`${line} says what is so anyway, and passes`, () => assert.deepEqual(options(`pod x ${line}`).words, ['pod', 'x']));
  }
  test('the value of one is not taken for a word', () => assert.match(refused('pod --raw /x x').message, /^--raw/));
  test('a boolean one takes no word', () => assert.match(refused('--match-server-version pod x').message, /^--match-server-version/));
});
