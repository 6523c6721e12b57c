/** The shape of the words of a check; `words/<check>.ts` fills it, and does not compile while a code has none. */
import type { Ref } from '../model/ref.ts';
import type { CheckId, CodesByCheck, Command, Severity } from './finding.ts';

export interface CodeWords<D> {
  readonly severity: Severity;
  /** Where the finding itself says how grave it is; `severity` is the gravest then. */
  readonly severityOf?: (data: D) => Severity;
  /** Needs a typed name: what is lost cannot come back. */
  readonly irreversible?: true;
  /** The API server itself refuses: no flag of this product can allow it. */
  readonly final?: true;
  /** When this is found, for the docs: one sentence. */
  readonly means: string;
  /** What is so, for this target: object, fact, consequence. No flags: the printer names them. */
  readonly message: (data: D, target: Ref) => string;
  /** What to do: one sentence that ends with a period. */
  readonly remedy: (data: D, target: Ref) => string;
  readonly commands?: (data: D, target: Ref) => readonly Command[];
}

export interface CheckWords<C extends CheckId> {
  readonly id: C;
  /** For the tables of the docs: what the check looks at, one line. */
  readonly looksAt: string;
  readonly codes: { readonly [K in keyof CodesByCheck[C]]: CodeWords<CodesByCheck[C][K]> };
}
