/** Runs the plugin, and holds every run to what every run promises: a valid report where -o asks for one, with the exit code in it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { parse as parseYaml } from 'yaml';
import type { DeletionReport } from '../../src/report/wire.ts';
import { assertValidEvent, assertValidReport } from '../report/valid-report.ts';
import type { Executable } from './executable.ts';

export interface PluginOptions {
  /** Over the scenario's environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdin?: string;
  /** Default: the administrator's. */
  readonly kubeconfig?: string;
  /** null: no -n at all. Default: the scenario's own. */
  readonly namespace?: string | null;
  /** After this the process is killed and the scenario fails. Default 60 s. */
  readonly timeoutMs?: number;
  /** Closes stdout after this many lines, as `| head` does. */
  readonly closeAfterLines?: number;
}

export interface EventLine {
  readonly type: string;
  readonly [field: string]: unknown;
}

export interface PluginRun {
  readonly argv: readonly string[];
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Of -o json, ndjson or yaml; null for other output. */
  readonly report: DeletionReport | null;
  /** The lines of -o ndjson before the report. */
  readonly events: readonly EventLine[];
  /** Real time from the start of the process to its end. */
  readonly ms: number;
}

export interface RunningPlugin {
  readonly argv: readonly string[];
  readonly kill: (signal: NodeJS.Signals) => void;
  readonly type: (text: string) => void;
  /** Everything on stdout and stderr so far. */
  readonly output: () => string;
  /** Waits until the output matches; fails when the process ends first. */
  readonly shows: (pattern: RegExp, timeoutMs?: number) => Promise<void>;
  readonly done: Promise<PluginRun>;
}

const formatOf = (args: readonly string[]): string | null => {
  const at = args.findLastIndex((a) => a === '-o' || a === '--output');
  const joined = args.findLast((a) => /^(-o|--output=).+/.test(a));
  if (joined !== undefined) return joined.replace(/^(-o=?|--output=)/, '');
  return at === -1 ? null : (args[at + 1] ?? null);
};

const validReport = (value: unknown, code: number): DeletionReport => {
  assertValidReport(value);
  const report = value as DeletionReport;
  assert.equal(code, report.exitCode, "the process's exit code is the report's");
  return report;
};

/** Reads stdout as -o promised it, and fails when it holds anything else. */
const read = (format: string | null, stdout: string, code: number, cutOff: boolean): Pick<PluginRun, 'report' | 'events'> => {
  if (cutOff) return { report: null, events: [] };
  switch (format) {
    case 'json':
      return { report: validReport(JSON.parse(stdout), code), events: [] };
    case 'yaml':
      return { report: validReport(parseYaml(stdout), code), events: [] };
    case 'ndjson': {
      assert.ok(stdout.endsWith('\n'), 'the last line of ndjson is whole');
      const lines = stdout.trimEnd().split('\n').map((line): unknown => JSON.parse(line));
      const events = lines.slice(0, -1);
      for (const event of events) assertValidEvent(event);
      return { report: validReport(lines.at(-1), code), events: events as readonly EventLine[] };
    }
    case null:
    default:
      return { report: null, events: [] };
  }
};

/** No run may show a person a stack trace. */
const noStackTrace = (text: string): void => {
  assert.doesNotMatch(text, /^\s+at .*\(?(file:|node:|\/).*:\d+:\d+\)?$/m, 'no stack trace');
};

export interface Invocation extends PluginOptions {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Inside a pseudo-terminal, which has one stream for everything; `unsized`: one whose size nobody has set. */
  readonly tty: boolean | 'unsized';
}

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

const defined = (env: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));

/** In characters: a run that writes without end must not fill the memory of the tests. */
const MOST_OUTPUT = 40_000_000;

/** Starts the plugin; the caller awaits `done`. */
export const startPlugin = (executable: Executable, given: Invocation): RunningPlugin => {
  const argv = [...executable.command, ...given.args];
  // script(1) gives its child a terminal and its exit code back.
  const timeoutMs = given.timeoutMs ?? 60_000;
  const size = given.tty === true ? 'stty cols 100 rows 30; ' : '';
  // Its child would outlive a script that is killed.
  const limited = ['timeout', '--foreground', '-s', 'KILL', String(timeoutMs / 1000), ...argv];
  const [program = '', ...rest] = given.tty === false ? argv : ['script', '-qefc', size + limited.map(quoted).join(' '), '/dev/null'];
  const started = performance.now();
  const child: ChildProcessWithoutNullStreams = spawn(program, rest, { env: defined({ ...given.environment, PATH: executable.path, ...given.env }), stdio: 'pipe' });
  let stdout = '';
  let stderr = '';
  let lines = 0;
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (stdout.length < MOST_OUTPUT) stdout += text;
    lines += text.split('\n').length - 1;
    if (given.closeAfterLines !== undefined && lines >= given.closeAfterLines) child.stdout.destroy();
    tell();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    tell();
  });
  // A process that ends without reading its input closes the pipe.
  child.stdin.on('error', () => undefined);
  if (given.tty === false) child.stdin.end(given.stdin ?? '');
  let late = false;
  const limit = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, timeoutMs + (given.tty === false ? 0 : 2000));
  let ended = false;
  const done = new Promise<PluginRun>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(limit);
      ended = true;
      tell();
      const ms = performance.now() - started;
      const said = `\n$ ${argv.join(' ')}\n${stdout.slice(0, 4000)}\n${stderr.slice(0, 4000)}`;
      if (late) return reject(new Error(`the plugin did not end within ${timeoutMs} ms${said}`));
      if (code === null) return reject(new Error(`the plugin was ended by ${signal ?? 'a signal'} instead of ending itself${said}`));
      try {
        noStackTrace(stdout);
        noStackTrace(stderr);
        const format = given.tty !== false ? null : formatOf(given.args);
        resolve({ argv, code, stdout, stderr, ms, ...read(format, stdout, code, given.closeAfterLines !== undefined) });
      } catch (error) {
        reject(new Error(`${error instanceof Error ? error.message : String(error)} (exit code ${code})${said}`, { cause: error }));
      }
    });
  });
  // Whoever awaits `done` gets the error; until then it must not end the test process.
  done.catch(() => undefined);
  return {
    argv,
    kill: (signal) => {
      child.kill(signal);
    },
    type: (text) => {
      child.stdin.write(text);
    },
    output: () => stdout + stderr,
    shows: async (pattern, patience = 20_000) => {
      await new Promise<void>((resolve, reject) => {
        const give = (outcome: () => void): void => {
          listeners.delete(look);
          clearTimeout(timer);
          outcome();
        };
        const look = (): void => {
          if (pattern.test(stdout + stderr)) give(resolve);
          else if (ended) give(() => reject(new Error(`the plugin ended without showing ${String(pattern)}:\n${stdout.slice(-4000)}\n${stderr.slice(-4000)}`)));
        };
        const timer = setTimeout(() => give(() => reject(new Error(`not shown within ${patience} ms: ${String(pattern)}\n${stdout.slice(-4000)}\n${stderr.slice(-4000)}`))), patience);
        listeners.add(look);
        look();
      });
    },
    done,
  };
};
