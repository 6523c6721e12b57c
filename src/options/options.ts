/** What the user asked for, completed and validated: the only thing that the rooms above know of the command line. */
import type { ConnectionFlags } from './connection-flags.ts';

export type OutputFormat = 'human' | 'json' | 'ndjson' | 'yaml' | 'name';
export type ColorMode = 'auto' | 'always' | 'never';

export interface ConsentFlags {
  /** -y: accepts warnings. Implied by confirm. */
  readonly yes: boolean;
  /** The target's name, or with several targets their number, as typed. */
  readonly confirm: string | null;
  readonly confirmPlan: string | null;
  readonly interactive: boolean;
  /** --no-input, CI=true, or an output format for machines. */
  readonly noInput: boolean;
}

export interface DeletionFlags {
  /** null: each pod's own. Already kubectl's: --now is 1, 0 without --force is 1, --force without a period is 0. */
  readonly gracePeriodSeconds: number | null;
  readonly force: boolean;
  readonly cascade: 'background' | 'foreground' | 'orphan';
  readonly wait: boolean;
  /** null: the default (longest grace + 60 s, or 10 min). 0: no limit. Seconds. */
  readonly timeoutSeconds: number | null;
  /** With --all and selectors kubectl's default is true. */
  readonly ignoreNotFound: boolean;
}

/** What is deleted, beside the words. */
export interface SelectionFlags {
  /** null: not given, or empty, which is the same to kubectl. */
  readonly labelSelector: string | null;
  readonly fieldSelector: string | null;
  readonly all: boolean;
  readonly allNamespaces: boolean;
  /** Files, folders, patterns, URLs, and `-` for standard input. */
  readonly filenames: readonly string[];
  readonly kustomize: string | null;
  readonly recursive: boolean;
}

/** --report FORMAT=FILE. */
export interface ReportFile {
  readonly format: 'junit' | 'markdown';
  readonly file: string;
}

export interface DeleteOptionsOfRun {
  readonly command: 'delete';
  /** TYPE NAME... or TYPE/NAME..., uninterpreted. */
  readonly words: readonly string[];
  readonly selection: SelectionFlags;
  readonly connection: ConnectionFlags;
  readonly dryRun: 'none' | 'client' | 'server';
  readonly consent: ConsentFlags;
  readonly deletion: DeletionFlags;
  /** Check ids and finding codes whose blockers become warnings. */
  readonly allow: readonly string[];
  /** Warnings and unknown checks block. */
  readonly strict: boolean;
  /** Checks that are not run. */
  readonly skip: readonly string[];
  readonly skipBlocked: boolean;
  /** The container of the one pod whose exit code the run ends with. */
  readonly exitCodeFrom: string | null;
  readonly requireCleanExit: boolean;
  /** Pods go through the Eviction API. */
  readonly evict: boolean;
  /** Several pods: the next one goes when the replacement of the last is Ready. */
  readonly oneAtATime: boolean;
  readonly until: 'gone' | 'ready';
  /** Follows what is Terminating already, and deletes nothing. */
  readonly attach: boolean;
  /** Streams the containers' logs while they stop. */
  readonly logs: boolean;
  /** The folder of --save; null: nothing is saved. */
  readonly save: string | null;
  readonly saveSecrets: boolean;
  readonly reports: readonly ReportFile[];
  /** Warnings of the API server make the run fail, as in kubectl. */
  readonly warningsAsErrors: boolean;
  /** --policy: the file of the site's rules; null: the environment or the user's config folder names it. */
  readonly policy: string | null;
  /** Milliseconds for all checks together. */
  readonly checkTimeoutMs: number;
  readonly output: OutputFormat;
  readonly color: ColorMode;
  readonly plain: boolean;
  /** -v level; 6 and above log each request to stderr. */
  readonly verbosity: number;
}

export type Options =
  | DeleteOptionsOfRun
  | { readonly command: 'help'; readonly text: string }
  | { readonly command: 'version'; readonly output: OutputFormat }
  | { readonly command: 'completion'; readonly shell: 'bash' | 'zsh' | 'fish' }
  /** The words of a line that is being typed, the last one possibly empty. */
  | { readonly command: 'complete'; readonly words: readonly string[] }
  | { readonly command: 'explain'; readonly topic: string | null; readonly output: OutputFormat };

/** A command line that cannot be carried out: one sentence, exit 1. `output` is what -o asked for, so that the report still comes. */
export interface UsageError {
  readonly code: string;
  readonly message: string;
  /** What to type instead; null when the sentence says it. */
  readonly remedy: string | null;
  readonly output: OutputFormat;
  /** The files of --report, as far as they can be read. */
  readonly reports: readonly ReportFile[];
}
