/** Reads the policy that is in force, through the World. The parser, the YAML library and the expressions are loaded when there is a file. */
import { createHash } from 'node:crypto';
import { fail, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import type { World } from '../model/world.ts';
import { locate } from './locate.ts';
import type { PolicyInForce } from './policy.ts';

/** One sentence with the file, and the line and column where the file could be read. */
export interface PolicyProblem {
  readonly code: 'policy';
  readonly message: string;
  readonly remedy: string | null;
}

/** 1 MiB: policies are written by hand. */
const LARGEST = 1_048_576;

const problem = (message: string, remedy: string | null = null): { readonly ok: false; readonly error: PolicyProblem } => fail({ code: 'policy', message, remedy });

const codeOf = (error: unknown): string => (typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '');

const whyNot: Readonly<Record<string, string>> = { ENOENT: 'no such file', ENOTDIR: 'no such file', EACCES: 'it may not be read', EPERM: 'it may not be read', EISDIR: 'it is a folder', ELOOP: 'its links go in circles' };

/** The policy in force; null when nobody named one and the user has none. Nothing is in force by half: a file that is there and cannot be read is an error. */
export const loadPolicy = async (flag: string | null, world: Pick<World, 'env' | 'platform' | 'homeDirectory' | 'workingDirectory' | 'files'>): Promise<Result<PolicyInForce | null, PolicyProblem>> => {
  const { file, named } = locate(flag, world);
  let bytes: Uint8Array;
  try {
    bytes = await world.files.read(file);
  } catch (error) {
    const code = codeOf(error);
    if (!named && (code === 'ENOENT' || code === 'ENOTDIR')) return ok(null);
    return problem(`policy ${file} cannot be read: ${whyNot[code] ?? (error instanceof Error ? error.message : String(error))}`);
  }
  if (bytes.length > LARGEST) return problem(`policy ${file} has ${bytes.length} bytes; ${LARGEST} at most`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return problem(`policy ${file} is not UTF-8`);
  }
  const { parsePolicy } = await import('./parse.ts');
  const parsed = await parsePolicy(text);
  if (!parsed.ok) return problem(`policy ${file}:${parsed.error.line}:${parsed.error.column}: ${parsed.error.message}`);
  return ok({ file, digest: createHash('sha256').update(bytes).digest('hex'), policy: parsed.value });
};
