/** Policies for tests. */
import { parsePolicy } from '../../src/policy/parse.ts';
import type { Policy, PolicyError } from '../../src/policy/policy.ts';

const HEAD = 'apiVersion: kubectl-safe-delete/v1\nkind: Policy\n';

/** A document with this after its first two lines. */
export const document = (rest: string): string => `${HEAD}${rest}\n`;

export const policyOf = async (rest: string): Promise<Policy> => {
  const parsed = await parsePolicy(document(rest));
  if (!parsed.ok) throw new Error(`${parsed.error.line}:${parsed.error.column}: ${parsed.error.message}`);
  return parsed.value;
};

/** What is wrong with it; fails when nothing is. */
export const errorOf = async (text: string): Promise<PolicyError> => {
  const parsed = await parsePolicy(text);
  if (parsed.ok) throw new Error('taken');
  return parsed.error;
};
