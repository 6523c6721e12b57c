/** Which executable the scenarios run, and how: through kubectl where there is one. */
import { mkdtempSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const NAME = 'kubectl-safe_delete';

export interface Executable {
  /** For the line that says what was tested. */
  readonly title: string;
  /** The program and its first words. */
  readonly command: readonly [string, ...string[]];
  /** PATH of the process. */
  readonly path: string;
  readonly file: string;
}

/** The directory in which the executable has the name that kubectl looks for. */
const directoryOf = (given: string): string => {
  const file = resolve(given);
  if (statSync(file).isDirectory()) return file;
  if (basename(file) === NAME) return dirname(file);
  const directory = mkdtempSync(join(tmpdir(), 'scenario-bin-'));
  symlinkSync(file, join(directory, NAME));
  return directory;
};

/**
 * The executable of SAFE_DELETE_BIN (a file, or the directory of one called kubectl-safe_delete), else this repository's bin. A script
 * is run by the Node that runs the scenarios.
 */
export const executableFor = (kubectl: string | null, env: NodeJS.ProcessEnv): Executable => {
  const directory = directoryOf(env['SAFE_DELETE_BIN'] ?? fileURLToPath(new URL('../../bin', import.meta.url)));
  const file = join(directory, NAME);
  const path = [directory, ...(kubectl === null ? [] : [dirname(kubectl)]), dirname(process.execPath), env['PATH'] ?? ''].join(delimiter);
  return kubectl === null
    ? { title: `${file}, called itself (no kubectl)`, command: [file], path, file }
    : { title: `${file}, called by ${kubectl} safe-delete`, command: [kubectl, 'safe-delete'], path, file };
};
