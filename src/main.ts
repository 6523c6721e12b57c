/** The way through on one page: parse → connect → run → print. Everything that it touches is in the World. */
import { explained, explainText } from './cli/explain.ts';
import { parse } from './cli/parse.ts';
import { asker } from './cli/ask.ts';
import { loggedPort } from './cluster/logged.ts';
import type { ClusterContext, ClusterPort } from './cluster/port.ts';
import { connect as connectByFlags } from './connection/connect.ts';
import { namesInKubeconfig } from './connection/load.ts';
import type { Result } from './model/result.ts';
import { unreachable } from './model/unreachable.ts';
import type { World } from './model/world.ts';
import type { ConnectionFlags } from './options/connection-flags.ts';
import type { DeleteOptionsOfRun, OutputFormat, UsageError } from './options/options.ts';
import { toolVersion } from './options/version.ts';
import { allowProblem } from './policy/allow.ts';
import { loadPolicy } from './policy/load.ts';
import type { PolicyInForce } from './policy/policy.ts';
import { withoutCommands } from './report/ci/github.ts';
import { sectioned } from './report/ci/gitlab.ts';
import { printable } from './report/printable.ts';
import { openPrinter } from './report/printer.ts';
import type { PrinterOptions } from './report/printer.ts';
import type { ReportContext, RunHeader } from './report/wire.ts';
import { run } from './run/run.ts';
import { Session, type Told } from './run/session.ts';
import { openSources } from './targets/sources.ts';

/** How a cluster is reached: kubectl's way, unless a test hands in a cluster of its own. */
export type Connect = (
  flags: ConnectionFlags,
  world: World,
) => Promise<Result<{ readonly port: ClusterPort; readonly context: ClusterContext }, { readonly code: string; readonly message: string; readonly remedy: string | null }>>;

const nowhere: ReportContext = { name: null, cluster: null, server: null, user: null, namespace: null };

const headerOf = (options: DeleteOptionsOfRun | null, context: ReportContext, startedAt: number, policy: PolicyInForce | null = null): RunHeader => ({
  toolVersion,
  startedAt,
  dryRun: options !== null && options.dryRun !== 'none',
  ignoreNotFound: options?.deletion.ignoreNotFound ?? false,
  strict: options?.strict ?? false,
  exitCodeFrom: options?.exitCodeFrom ?? null,
  requireCleanExit: options?.requireCleanExit ?? false,
  attach: options?.attach ?? false,
  policy: policy === null ? null : { file: policy.file, digest: policy.digest },
  context,
  options: {
    gracePeriodSeconds: options?.deletion.gracePeriodSeconds ?? null,
    cascade: options?.deletion.cascade ?? 'background',
    evict: options?.evict ?? false,
    wait: options?.deletion.wait ?? true,
    timeoutSeconds: options?.deletion.timeoutSeconds ?? null,
    until: options?.until ?? 'gone',
  },
});

/** The streams as a CI system may get them: on GitHub nothing that a server says is a command to the runner. */
const inCi = (world: World, output: OutputFormat): World =>
  world.env['GITHUB_ACTIONS'] === 'true' ? { ...world, stderr: withoutCommands(world.stderr), stdout: output === 'human' ? withoutCommands(world.stdout) : world.stdout } : world;

const openSession = async (header: RunHeader, printing: PrinterOptions, told: Told, world: World): Promise<Session> => {
  const shown = inCi(world, printing.output);
  const printer = await openPrinter(printing, shown, header);
  const inSections = world.env['GITLAB_CI'] === 'true' && printing.output === 'human';
  return new Session(inSections ? sectioned(printer, shown, printing.dryRun !== 'none') : printer, header, world, told);
};

const untold: Told = { reports: [], warningsAsErrors: false };

/** A run that cannot begin: one sentence, the report where -o or --report asked for one, exit 1, nothing deleted. */
const refuse = async (error: Omit<UsageError, 'output' | 'reports'>, output: OutputFormat, told: Told, options: DeleteOptionsOfRun | null, startedAt: number, world: World): Promise<number> => {
  const header = headerOf(options, nowhere, startedAt);
  const session = await openSession(header, { output, color: options?.color ?? 'auto', plain: options?.plain ?? false, dryRun: options?.dryRun ?? 'none' }, told, world);
  session.emit({ type: 'error', at: world.clock.now(), code: error.code, message: error.message, remedy: error.remedy });
  return await session.end();
};

const runDeletion = async (options: DeleteOptionsOfRun, world: World, connect: Connect, startedAt: number): Promise<number> => {
  const loaded = await loadPolicy(options.policy, world);
  if (!loaded.ok) return await refuse(loaded.error, options.output, options, options, startedAt, world);
  const policy = loaded.value;
  const wrong = allowProblem(options.allow, options.strict, policy?.policy ?? null);
  if (wrong !== null) return await refuse(wrong, options.output, options, options, startedAt, world);
  const connected = await connect(options.connection, world);
  if (!connected.ok) return await refuse(connected.error, options.output, options, options, startedAt, world);
  const { context } = connected.value;
  const verbose = options.verbosity >= 6;
  const log = (line: string): void => {
    world.stderr.write(`${printable(line)}\n`);
  };
  const port = verbose ? loggedPort(connected.value.port, world.clock, log) : connected.value.port;
  const header = headerOf(options, context, startedAt, policy);
  const { output, color, dryRun } = options;
  // Lines between a live area would tear it.
  const plain = options.plain || verbose;
  const session = await openSession(header, { output, color, plain, dryRun }, options, world);
  if (!(await session.open())) {
    port.close();
    return await session.end();
  }
  // Standard input that holds the objects cannot hold the answer too.
  const answers = options.selection.filenames.includes('-') ? await world.openTerminal() : world.stdin;
  const interrupt = new AbortController();
  const stopListening = world.onSignal((signal) => {
    if (interrupt.signal.aborted) return;
    session.emit({ type: 'interrupted', at: world.clock.now(), signal });
    interrupt.abort();
  });
  try {
    await run({
      options,
      port,
      context,
      sources: openSources(world, port, { server: context.server, cacheDir: options.connection.cacheDir }),
      clock: world.clock,
      files: world.files,
      serverNow: () => world.clock.now() + (port.clockOffsetMs?.() ?? 0),
      signal: interrupt.signal,
      policy,
      emit: session.emit,
      ask: asker({ stdin: answers ?? world.stdin, stderr: world.stderr }, printable),
      mayAsk: answers?.isTTY === true && world.stderr.isTTY && !options.consent.noInput,
    });
  } catch (error) {
    // A bug: say so, with the report and the right exit code, instead of a stack trace that hides what was requested.
    session.emit({ type: 'error', at: world.clock.now(), code: 'internal-error', message: `internal error in version ${toolVersion}: ${error instanceof Error ? error.message : String(error)}`, remedy: 'Please report it, with the command and -o json.' });
  } finally {
    stopListening();
    port.close();
  }
  return await session.end();
};

/** Runs one command line; gives the exit code. `argv` is without the program's name. */
export const main = async (argv: readonly string[], world: World, connect: Connect = connectByFlags): Promise<number> => {
  const startedAt = world.clock.now();
  const parsed = await parse(argv, world.env);
  if (!parsed.ok) return await refuse(parsed.error, parsed.error.output, { ...untold, reports: parsed.error.reports }, null, startedAt, world);
  const options = parsed.value;
  switch (options.command) {
    case 'help':
      world.stdout.write(options.text);
      return 0;
    case 'version':
      world.stdout.write(options.output === 'json' ? `${JSON.stringify({ version: toolVersion })}\n` : `kubectl-safe_delete ${toolVersion}\n`);
      return 0;
    case 'explain':
      world.stdout.write(options.output === 'json' ? `${JSON.stringify(explained(options.topic), null, 2)}\n` : explainText(options.topic));
      return 0;
    case 'completion':
      world.stdout.write((await import('./completion/scripts.ts')).completionScript(options.shell));
      return 0;
    case 'complete':
      world.stdout.write(await (await import('./completion/complete.ts')).completeLine(options.words, world, { connect, kubeconfig: namesInKubeconfig }));
      return 0;
    case 'delete':
      return await runDeletion(options, world, connect, startedAt);
    default:
      return unreachable(options);
  }
};
