/** From a command line to Options, or to the one usage error: pure, and finished before anything is read or written. */
import { fail, ok, type Result } from '../model/result.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import { harmlessAtDefault, knownFlags } from './flags.ts';
import { parseBool, parseRequestTimeout } from './go-values.ts';
import { type Assignment, read, type Reading } from './grammar.ts';
import type { DeleteOptionsOfRun, DeletionFlags, Options, OutputFormat, ReportFile, SelectionFlags, UsageError } from './options.ts';
import { cascadeValues, colorModes, firstProblem, type Ids, machineFormats, type Problem, reportPattern, unknownId } from './validate.ts';
import { type Values, valuesOf } from './values.ts';
import { toolVersion } from './version.ts';

/** Options as they are before the text of the help is laid out. */
export type Completed = Exclude<Options, { readonly command: 'help' }> | { readonly command: 'help' };

const defaultCheckTimeoutMs = 30_000;

const problem = (code: string, message: string, remedy: string | null): Problem => ({ code, message, remedy });

/** kubectl's connection flags have "" as default, so an empty value is the same as none. */
const orNull = (text: string | null): string | null => (text === '' ? null : text);

/** The flags that choose cluster, user and namespace. */
export const connectionOf = (values: Values): ConnectionFlags => {
  const text = (name: string): string | null => orNull(values.text(name));
  const requestTimeout = parseRequestTimeout(text('request-timeout') ?? '0');
  return {
    kubeconfig: text('kubeconfig'),
    context: text('context'),
    cluster: text('cluster'),
    user: text('user'),
    namespace: text('namespace'),
    server: text('server'),
    token: text('token'),
    username: text('username'),
    password: text('password'),
    as: text('as'),
    asUid: text('as-uid'),
    asGroup: values.list('as-group'),
    asUserExtra: values.list('as-user-extra'),
    certificateAuthority: text('certificate-authority'),
    clientCertificate: text('client-certificate'),
    clientKey: text('client-key'),
    insecureSkipTlsVerify: values.truth('insecure-skip-tls-verify'),
    tlsServerName: text('tls-server-name'),
    requestTimeoutMs: text('request-timeout') === null || !requestTimeout.ok ? null : requestTimeout.value,
    cacheDir: text('cache-dir'),
    disableCompression: values.truth('disable-compression'),
  };
};

const cascadeOf = (asked: string): DeletionFlags['cascade'] => {
  const named = cascadeValues.find((value) => value === asked);
  if (named !== undefined) return named;
  // kubectl's deprecated booleans: false leaves the dependents alone.
  const truth = parseBool(asked);
  return truth.ok && !truth.value ? 'orphan' : 'background';
};

/** kubectl's rules for the grace period: delete.go Complete. */
const graceOf = (values: Values): number | null => {
  const force = values.truth('force') === true;
  const typed = values.truth('now') === true ? 1 : (values.number('grace-period') ?? -1);
  const period = typed === 0 && !force ? 1 : typed;
  if (period >= 0) return period;
  return force ? 0 : null;
};

/** Spaces around a selector count for nothing (builder.go LabelSelectorParam, FieldSelectorParam). */
const selectionOf = (values: Values): SelectionFlags => ({
  labelSelector: orNull((values.text('selector') ?? '').trim()),
  fieldSelector: orNull((values.text('field-selector') ?? '').trim()),
  all: values.truth('all') === true,
  allNamespaces: values.truth('all-namespaces') === true,
  filenames: values.list('filename'),
  kustomize: orNull(values.text('kustomize')),
  recursive: values.truth('recursive') === true,
});

const dryRunOf = (asked: string): DeleteOptionsOfRun['dryRun'] => {
  if (asked === 'client') return 'client';
  return asked === 'server' || asked === 'true' ? 'server' : 'none';
};

/** Those that are junit=FILE or markdown=FILE; after validation all of them. */
const reportsOf = (given: readonly string[]): readonly ReportFile[] =>
  given.filter((text) => reportPattern.test(text)).map((text) => ({ format: text.startsWith('junit=') ? 'junit' : 'markdown', file: text.slice(text.indexOf('=') + 1) }));

const deleteOptions = (
  values: Values,
  words: readonly string[],
  output: OutputFormat,
  env: Readonly<Record<string, string | undefined>>,
): DeleteOptionsOfRun => {
  const confirm = values.text('confirm');
  const timeout = values.number('timeout');
  const ci = parseBool(env['CI'] ?? '');
  const selection = selectionOf(values);
  return {
    command: 'delete',
    words,
    selection,
    connection: connectionOf(values),
    dryRun: dryRunOf(values.text('dry-run') ?? 'none'),
    consent: {
      yes: values.truth('yes') === true || confirm !== null,
      confirm,
      confirmPlan: orNull(values.text('confirm-plan')),
      interactive: values.truth('interactive') === true,
      noInput: values.truth('no-input') === true || (ci.ok && ci.value) || output !== 'human',
    },
    deletion: {
      gracePeriodSeconds: graceOf(values),
      force: values.truth('force') === true,
      cascade: cascadeOf(values.text('cascade') ?? 'background'),
      wait: values.truth('wait') !== false,
      timeoutSeconds: timeout === null ? null : timeout / 1000,
      ignoreNotFound: values.truth('ignore-not-found') ?? (selection.all || selection.labelSelector !== null || selection.fieldSelector !== null),
    },
    allow: values.list('allow'),
    strict: values.truth('strict') === true,
    skip: values.list('skip'),
    skipBlocked: values.truth('skip-blocked') === true,
    exitCodeFrom: values.text('exit-code-from'),
    requireCleanExit: values.truth('require-clean-exit') === true,
    evict: values.truth('evict') === true,
    oneAtATime: values.truth('one-at-a-time') === true,
    // One at a time needs each replacement Ready, the last one too.
    until: values.text('until') === 'ready' || values.truth('one-at-a-time') === true ? 'ready' : 'gone',
    attach: values.truth('attach') === true,
    logs: values.truth('logs') === true,
    save: values.text('save'),
    saveSecrets: values.truth('save-secrets') === true,
    reports: reportsOf(values.list('report')),
    warningsAsErrors: values.truth('warnings-as-errors') === true,
    policy: values.text('policy'),
    checkTimeoutMs: values.number('check-timeout') ?? defaultCheckTimeoutMs,
    output,
    color: colorModes.find((mode) => mode === values.text('color')) ?? 'auto',
    plain: values.truth('plain') === true,
    verbosity: values.number('v') ?? 0,
  };
};

/** The first flag that this version refuses by name, unless it is kubectl's and says what is so anyway. */
const refusedFlag = (assignments: readonly Assignment[]): Problem | null => {
  const last = new Map(assignments.map((assignment) => [assignment.flag.name, assignment]));
  for (const { flag, value } of last.values()) {
    if (flag.absent === null) continue;
    const truth = parseBool(value);
    if (flag.kind === 'bool' && truth.ok && !truth.value) continue;
    if (flag.kind === 'string' && value === '' && harmlessAtDefault.has(flag.name)) continue;
    const name = `--${flag.name}`;
    return flag.absent.coming
      ? problem('not-in-this-version', `${name} is not in this version of safe-delete (${toolVersion}): ${flag.absent.why}`, null)
      : problem('refused-flag', `${name} is refused: ${flag.absent.why}`, null);
  }
  return null;
};

const explainOptions = (topics: readonly string[], output: OutputFormat, ids: Ids): Result<Completed, Problem> => {
  if (topics.length > 1) return fail(problem('too-many-words', `explain takes one check or code, and got ${topics.length}`, null));
  if (output !== 'human' && output !== 'json') return fail(problem('invalid-value', `explain prints for people or with -o json, not -o ${output}`, null));
  const [topic] = topics;
  if (topic !== undefined && !ids.known.has(topic)) return fail(unknownId('explain', topic, ids.known));
  return ok({ command: 'explain', topic: topic ?? null, output });
};

const shells = ['bash', 'zsh', 'fish'] as const;

const completionOptions = (words: readonly string[]): Result<Completed, Problem> => {
  const shell = shells.find((name) => name === words[0]);
  return shell === undefined || words.length > 1
    ? fail(problem('invalid-value', `completion takes one shell: ${shells.join(', ')}`, 'for example: source <(kubectl safe-delete completion bash)'))
    : ok({ command: 'completion', shell });
};

const commandOf = (
  reading: Reading,
  values: Values,
  output: OutputFormat,
  env: Readonly<Record<string, string | undefined>>,
  ids: Ids,
): Result<Completed, Problem> => {
  // After `--` a word is a TYPE, whatever it is called.
  const subcommand = reading.wordsBeforeDash > 0 ? reading.words[0] : undefined;
  if (values.truth('help') === true || subcommand === 'help') return ok({ command: 'help' });
  if (values.truth('version') === true || (subcommand === 'version' && reading.words.length === 1)) return ok({ command: 'version', output });
  const refused = refusedFlag(reading.assignments);
  if (refused !== null) return fail(refused);
  if (subcommand === 'explain') return explainOptions(reading.words.slice(1), output, ids);
  if (subcommand === 'completion') return completionOptions(reading.words.slice(1));
  const options = deleteOptions(values, reading.words, output, env);
  const { all, fieldSelector, filenames, kustomize, labelSelector } = options.selection;
  if (reading.words.length === 0 && filenames.length === 0 && kustomize === null && !all && labelSelector === null && fieldSelector === null) {
    return fail(problem('no-target', 'you must provide one or more resources by argument or filename: TYPE NAME, TYPE/NAME or -f FILE', 'for example: kubectl safe-delete pod web-1'));
  }
  return ok(options);
};

/**
 * Reads and completes a command line. `ids` are those that `--allow` and `explain` may name. The error's `output` the valid `-o` of the
 * command line, wherever it stands and whatever else is wrong.
 */
export const complete = (
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  ids: Ids,
): Result<Completed, UsageError> => {
  // What kubectl's completion asks. Its words are half a line, which need not be right yet.
  if (argv[0] === '__complete') return ok({ command: 'complete', words: argv.slice(1) });
  const reading = read(argv, knownFlags);
  const { values, invalid } = valuesOf(reading.assignments, knownFlags);
  const output = machineFormats.find((format) => format === values.text('output')) ?? 'human';
  const failed = (cause: Problem): Result<Completed, UsageError> => fail({ code: cause.code, message: cause.message, remedy: cause.remedy, output, reports: reportsOf(values.list('report')) });

  const misread = [...reading.problems, ...invalid.map((value) => ({ code: 'invalid-value', message: value.message, remedy: null, at: value.at }))];
  const [first] = misread.toSorted((a, b) => a.at - b.at);
  if (first !== undefined) return failed(first);
  const broken = values.truth('help') === true ? null : firstProblem(values, ids);
  if (broken !== null) return failed(broken);
  const command = commandOf(reading, values, output, env, ids);
  return command.ok ? ok(command.value) : failed(command.error);
};
