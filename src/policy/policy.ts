/** The rules of a site, as they were read from its file. */
import type { Severity } from '../findings/finding.ts';
import type { Matches } from '../model/label-selector.ts';
import type { Evaluate } from './cel.ts';

export interface Rule {
  /** Unique in the file: what `--allow policy/NAME` takes. */
  readonly name: string;
  readonly message: string;
  readonly severity: Severity;
  /** Whether it speaks of namespaceObject. */
  readonly readsNamespace: boolean;
  readonly evaluate: Evaluate;
}

export interface Policy {
  /** By check or code. The parser has refused what may not be lowered. */
  readonly severities: ReadonlyMap<string, Severity>;
  /** Globs. */
  readonly contexts: readonly string[];
  /** Globs. */
  readonly namespaces: readonly string[];
  readonly labels: readonly { readonly text: string; readonly matches: Matches }[];
  /** More targets than this are refused; null: any number may go. */
  readonly bulkLimit: number | null;
  readonly rules: readonly Rule[];
}

/** A policy with where it came from; `digest` is the SHA-256 of the file. */
export interface PolicyInForce {
  readonly file: string;
  readonly digest: string;
  readonly policy: Policy;
}

/** Why a file is no policy: a clause, and where it is wrong. Lines and columns count from 1. */
export interface PolicyError {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

/** Names that --allow takes for what is no rule; no rule may take them. */
export const builtInNames = ['protected-context', 'protected-namespace', 'protected-object', 'bulk-limit'] as const;
