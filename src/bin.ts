/** Builds the World from the process, runs main, sets the exit code. The only file that touches the process. */
import { spawn } from 'node:child_process';
import { once, setMaxListeners } from 'node:events';
import { openSync } from 'node:fs';
import { appendFile, mkdir, readdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { ReadStream } from 'node:tty';
import { main } from './main.ts';
import type { Clock, Files, ProcessResult, Sink, Source, SpawnRequest, World } from './model/world.ts';

// One signal ends all requests of a run; more than ten listeners on it are no leak.
setMaxListeners(0);

const LONGEST_TIMER_MS = 2 ** 31 - 1;

const sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
  if (signal?.aborted === true) return;
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, Math.min(ms, LONGEST_TIMER_MS));
    signal?.addEventListener('abort', end, { once: true });
  });
};

const clock: Clock = { now: () => Date.now(), sleep };

const pipeHandlers = new Set<() => void>();

/**
 * What was written and not taken yet, by stream: the process ends when it is nothing. Counted by the callback of each write, because a
 * Bun stream says that nothing is left (writableLength, the callback of an empty write) while a pipe is still full.
 */
const untaken = new Map<NodeJS.WriteStream, { count: number; taken: () => void }>();

/** Why standard output took no more; null: it did, or nobody reads it. */
let unwritten: string | null = null;

const notWritten = (stream: NodeJS.WriteStream, { code, message }: NodeJS.ErrnoException): void => {
  if (stream === process.stdout && code !== 'EPIPE') unwritten ??= code === 'ENOSPC' ? 'no space left on device' : message;
};

const sinkOf = (stream: NodeJS.WriteStream): Sink => {
  let broken = false;
  const left = { count: 0, taken: (): void => undefined };
  untaken.set(stream, left);
  stream.on('error', (error: NodeJS.ErrnoException) => {
    broken = true;
    left.count = 0;
    left.taken();
    if (error.code === 'EPIPE') for (const handler of pipeHandlers) handler();
    else notWritten(stream, error);
  });
  return {
    isTTY: stream.isTTY,
    // 0 is what a terminal without a size says; a width to divide by it is not.
    columns: () => (stream.isTTY && stream.columns > 0 ? stream.columns : undefined),
    rows: () => (stream.isTTY && stream.rows > 0 ? stream.rows : undefined),
    write: (text) => {
      if (broken || text === '') return;
      left.count += 1;
      stream.write(text, (error) => {
        // Told here before it is an event.
        if (error !== undefined && error !== null) notWritten(stream, error);
        left.count -= 1;
        if (left.count === 0) left.taken();
      });
    },
  };
};

const lineOf = async (input: NodeJS.ReadStream, signal: AbortSignal): Promise<string | null> => {
  const lines = createInterface({ input, terminal: false });
  try {
    const [line] = (await Promise.race([once(lines, 'line', { signal }), once(lines, 'close', { signal }).then(() => [null])])) as [string | null];
    return line;
  } catch {
    // The signal was aborted: nobody answers any more.
    return null;
  } finally {
    lines.close();
    input.pause();
  }
};

const bytesOf = async (input: NodeJS.ReadStream): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of input) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
};

const sourceOf = (input: NodeJS.ReadStream): Source => ({
  isTTY: input.isTTY,
  readLine: async (signal) => await lineOf(input, signal),
  readAll: async () => await bytesOf(input),
});

const stdin = sourceOf(process.stdin);

const openTerminal: World['openTerminal'] = async () => {
  try {
    return await Promise.resolve(sourceOf(new ReadStream(openSync(process.platform === 'win32' ? 'CONIN$' : '/dev/tty', 'r'))));
  } catch {
    return null;
  }
};

/** Node's own `recursive` goes round for ever where a folder cannot be made although its parent is there (/proc). */
const makeDirectory = async (path: string, mode: number): Promise<void> => {
  try {
    await mkdir(path, { mode });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    await makeDirectory(dirname(path), mode);
    await mkdir(path, { mode });
  }
};

const files: Files = {
  read: async (path) => await readFile(path),
  write: async (path, data, mode) => await writeFile(path, data, { mode, flag: 'wx' }),
  makeDirectory: async (path, mode) => await makeDirectory(path, mode),
  replace: async (path, data, mode) => {
    // A link stays a link: the file behind it is replaced.
    const file = await realpath(path).catch(() => path);
    const beside = `${file}.${process.pid}`;
    try {
      await writeFile(beside, data, { mode, flag: 'wx' });
      await rename(beside, file);
    } catch (error) {
      await rm(beside, { force: true });
      throw error;
    }
  },
  append: async (path, data) => await appendFile(path, data),
  look: async (path) => ((await stat(path)).isDirectory() ? 'directory' : 'file'),
  list: async (path) => (await readdir(path, { withFileTypes: true })).map((e) => ({ name: e.name, directory: e.isDirectory() })).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
};

const run = async (request: SpawnRequest): Promise<ProcessResult> =>
  await new Promise((resolve, reject) => {
    const child = spawn(request.command, [...request.args], {
      env: request.env,
      stdio: [request.stdin === 'inherit' ? 'inherit' : 'ignore', 'pipe', request.stderr === 'none' ? 'ignore' : 'inherit'],
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    });
    const output: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.once('error', reject);
    child.once('close', (exitCode, signal) => {
      resolve({ exitCode, signal, stdout: Buffer.concat(output).toString('utf8') });
    });
  });

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type ListenedSignal = keyof typeof SIGNALS;

const onSignal: World['onSignal'] = (handler) => {
  let arrivals = 0;
  const listeners = (Object.keys(SIGNALS) as readonly ListenedSignal[]).map((name) => {
    const listener = (): void => {
      arrivals += 1;
      // The second one does not wait for anything.
      if (arrivals > 1) {
        if (process.stderr.isTTY) process.stderr.write('\u001B[?25h\n');
        process.exit(SIGNALS[name]);
      }
      handler(name);
    };
    process.on(name, listener);
    return { name, listener };
  });
  const onPipe = (): void => {
    handler('SIGPIPE');
  };
  pipeHandlers.add(onPipe);
  return () => {
    for (const { name, listener } of listeners) process.off(name, listener);
    pipeHandlers.delete(onPipe);
  };
};

const world: World = {
  env: process.env,
  platform: process.platform,
  homeDirectory: homedir(),
  workingDirectory: process.cwd(),
  stdin,
  openTerminal,
  stdout: sinkOf(process.stdout),
  stderr: sinkOf(process.stderr),
  clock,
  files,
  spawn: run,
  onSignal,
};

/** Ends the process once everything that was written has been taken; a reader that is gone holds nobody. */
const leave = (code: number): void => {
  process.exitCode = code;
  let told = false;
  const end = (): void => {
    if (unwritten !== null && !told) {
      // Who reads the result must not take half of it, or none, for success.
      told = true;
      world.stderr.write(`error: standard output could not be written: ${unwritten}\n`);
    }
    if ([...untaken].every(([stream, { count }]) => count <= 0 || stream.destroyed)) process.exit(unwritten !== null && code === 0 ? 1 : code);
  };
  for (const left of untaken.values()) left.taken = end;
  end();
};

// Until main has said how it ended: a process that runs out of things to wait for has not succeeded.
process.exitCode = 1;
main(process.argv.slice(2), world).then(leave, (error: unknown) => {
  process.stderr.write(`error: internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
