/** What a run needs of the machine, as parameters: tests drive the clock and the streams, and only bin.ts touches the process. */

/** Time in milliseconds since 1970. */
export type Millis = number;

export interface Clock {
  readonly now: () => Millis;
  /** Resolves after `ms`, or at once when the signal is or gets aborted (it never rejects). */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

export interface Sink {
  readonly isTTY: boolean;
  /** Columns of the terminal now; undefined when unknown. */
  readonly columns: () => number | undefined;
  readonly rows: () => number | undefined;
  readonly write: (text: string) => void;
}

export interface Source {
  readonly isTTY: boolean;
  /** One line that a person typed, without its end; null at end of input or abort. */
  readonly readLine: (signal: AbortSignal) => Promise<string | null>;
  /** All of standard input, for files named `-`. */
  readonly readAll: () => Promise<Uint8Array>;
}

export interface Files {
  /** Throws an error with a `code` (ENOENT, EACCES, ...) as node:fs does. */
  readonly read: (path: string) => Promise<Uint8Array>;
  /** Never over a file that is there: EEXIST. */
  readonly write: (path: string, data: string, mode: number) => Promise<void>;
  readonly makeDirectory: (path: string, mode: number) => Promise<void>;
  /** Writes beside the file and puts it in its place at once, so that nobody reads half of it. */
  readonly replace: (path: string, data: string, mode: number) => Promise<void>;
  /** Adds to the end of a file, which is made when there is none. */
  readonly append: (path: string, data: string) => Promise<void>;
  /** What is there, links followed. Throws as read does. */
  readonly look: (path: string) => Promise<'file' | 'directory'>;
  /** The names in a folder, sorted; a link counts as a file. Throws as read does. */
  readonly list: (path: string) => Promise<readonly { readonly name: string; readonly directory: boolean }[]>;
}

export interface ProcessResult {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: string;
}

export interface SpawnRequest {
  /** Absolute path, or a bare name looked up in PATH. */
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** 'inherit' hands the terminal over (an exec credential plugin that asks); stderr is inherited, as in client-go. */
  readonly stdin: 'inherit' | 'none';
  /** Absent: inherited. */
  readonly stderr?: 'none';
  readonly signal?: AbortSignal;
}

export type SignalName = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

export interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly homeDirectory: string;
  readonly workingDirectory: string;
  readonly stdin: Source;
  /** The controlling terminal, for an answer when standard input holds something else; null without one. */
  readonly openTerminal: () => Promise<Source | null>;
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly clock: Clock;
  readonly files: Files;
  /** Rejects with an error that has a `code` when the program cannot be started. */
  readonly spawn: (request: SpawnRequest) => Promise<ProcessResult>;
  /** Calls back on each arrival, and with SIGPIPE when nobody reads standard output any more; returns the way to stop listening. */
  readonly onSignal: (handler: (name: SignalName | 'SIGPIPE') => void) => () => void;
}
