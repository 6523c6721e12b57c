// What `npm run package` has written to dist/.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { platforms, archiveName } from '../../.ci/platforms.ts';
import { root } from './yaml-files.ts';

export const dist = new URL('dist/', root);

/** Fails with the command that makes the files, when one is not there. */
export const needsPackages = (): void => {
  const missing = [...platforms.map(archiveName), 'checksums.txt', 'safe-delete.yaml', 'sbom.cdx.json', 'npm/package.json'].filter((name) => !existsSync(new URL(name, dist)));
  assert.deepEqual(missing, [], 'run npm run package first');
};

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export const runProgram = async (program: string, args: readonly string[], options: { readonly env: Readonly<Record<string, string>>; readonly cwd?: string }): Promise<Ended> =>
  await new Promise((done) => {
    execFile(program, args, { ...options, timeout: 120_000, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      done({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, stdout, stderr });
    });
  });
