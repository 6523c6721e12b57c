/** The way through on one page: parse → connect → run → print. Everything that it touches is in the World. */
import { explained, explainText } from './cli/explain.ts';
import { parse } from './cli/parse.ts';
import { asker } from './cli/ask.ts';
import { loggedPort } from './cluster/logged.ts';
import type { ClusterContext, ClusterPort } from './cluster/port.ts';
import { connect as connectByFlags } from './connection/connect.ts';
import { namesInKubeconfig } from './connection/load.ts';
import type { Event } from './events/event.ts';
import type { Result } from './model/result.ts';
import { unreachable } from './model/unreachable.ts';
import type { World } from './model/world.ts';
import type { ConnectionFlags } from './options/connection-flags.ts';
import type { DeleteOptionsOfRun, OutputFormat, UsageError } from './options/options.ts';
import { toolVersion } from './options/version.ts';
import { allowProblem } from './policy/allow.ts';
import { loadPolicy } from './policy/load.ts';
import type { PolicyInForce } from './policy/policy.ts';
import { emptyRun, step } from './report/fold.ts';
import { printable } from './report/printable.ts';
import { openPrinter } from './report/printer.ts';
import type { Printer } from './report/printer.ts';
import { reportOf } from './report/report.ts';
import type { ReportContext, RunHeader } from './report/wire.ts';
import { run } from './run/run.ts';
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

/** Folds the events of a run, shows each to the printer, and ends with the report. */
class Session {
  #state;
  readonly #printer: Printer;
  readonly #world: World;

  constructor(printer: Printer, header: RunHeader, world: World) {
    this.#state = emptyRun(header);
    this.#printer = printer;
    this.#world = world;
  }

  readonly emit = (event: Event): void => {
    this.#state = step(this.#state, event);
    this.#printer.on(event);
  };

  /** Prints the report and gives its exit code. */
  async end(): Promise<number> {
    const report = reportOf(this.#state, this.#world.clock.now());
    await this.#printer.finish(report);
    return report.exitCode;
  }
}

/** A run that cannot begin: one sentence, the report where -o asked for one, exit 1, nothing deleted. */
const refuse = async (error: Omit<UsageError, 'output'>, output: OutputFormat, options: DeleteOptionsOfRun | null, startedAt: number, world: World): Promise<number> => {
  const header = headerOf(options, nowhere, startedAt);
  const printer = await openPrinter({ output, color: options?.color ?? 'auto', plain: options?.plain ?? false, dryRun: options?.dryRun ?? 'none' }, world, header);
  const session = new Session(printer, header, world);
  session.emit({ type: 'error', at: world.clock.now(), code: error.code, message: error.message, remedy: error.remedy });
  return await session.end();
};

const runDeletion = async (options: DeleteOptionsOfRun, world: World, connect: Connect, startedAt: number): Promise<number> => {
  const loaded = await loadPolicy(options.policy, world);
  if (!loaded.ok) return await refuse(loaded.error, options.output, options, startedAt, world);
  const policy = loaded.value;
  const wrong = allowProblem(options.allow, options.strict, policy?.policy ?? null);
  if (wrong !== null) return await refuse(wrong, options.output, options, startedAt, world);
  const connected = await connect(options.connection, world);
  if (!connected.ok) return await refuse(connected.error, options.output, options, startedAt, world);
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
  const session = new Session(await openPrinter({ output, color, plain, dryRun }, world, header), header, world);
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
  if (!parsed.ok) return await refuse(parsed.error, parsed.error.output, null, startedAt, world);
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
