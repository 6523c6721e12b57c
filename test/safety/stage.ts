/** Runs main() in this process against a server, with the machine's files and clock, and keeps all that it says. */
import { main } from '../../src/main.ts';
import type { Sink, SpawnRequest, World } from '../../src/model/world.ts';
import { worldWith } from '../connection/world.ts';

export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly spawned: readonly SpawnRequest[];
}

export interface Scene {
  readonly home: string;
  /** null: none is named. */
  readonly kubeconfig: string | null;
  /** undefined: no terminal. */
  readonly columns?: number;
  /** What a person types. */
  readonly typed?: string;
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly spawn?: World['spawn'];
}

export const runMain = async (argv: readonly string[], { home, kubeconfig, columns, typed, stdin = '', env = {}, spawn }: Scene): Promise<Said> => {
  let stdout = '';
  let stderr = '';
  const spawned: SpawnRequest[] = [];
  const sink = (write: (text: string) => void): Sink => ({ isTTY: columns !== undefined, columns: () => columns, rows: () => (columns === undefined ? undefined : 24), write });
  const usual = worldWith();
  const world = worldWith({
    env: { PATH: process.env['PATH'], HOME: home, TERM: 'xterm-256color', ...(kubeconfig === null ? {} : { KUBECONFIG: kubeconfig }), ...env },
    homeDirectory: home,
    workingDirectory: home,
    stdin: { isTTY: typed !== undefined, readLine: async () => await Promise.resolve(typed ?? null), readAll: async () => await Promise.resolve(Buffer.from(stdin)) },
    stdout: sink((text) => { stdout += text; }),
    stderr: sink((text) => { stderr += text; }),
    spawn: async (request) => {
      spawned.push(request);
      return await (spawn ?? usual.spawn)(request);
    },
  });
  const code = await main(argv, world);
  return { code, stdout, stderr, spawned };
};
