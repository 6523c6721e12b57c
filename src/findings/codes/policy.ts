import type { Severity } from '../severity.ts';

/** `name`: what `--allow policy/NAME` takes. */
export interface PolicyCodes {
  rule: { readonly name: string; readonly message: string; readonly severity: Severity };
  'protected-context': { readonly name: string; readonly context: string; readonly pattern: string };
  'protected-namespace': { readonly name: string; readonly namespace: string; readonly pattern: string };
  'protected-object': { readonly name: string; readonly selector: string };
  'bulk-limit': { readonly name: string; readonly count: number; readonly limit: number };
}
