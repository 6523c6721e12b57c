/** A world without a process: streams that are kept, no files, and the cluster's clock with an error of its own. */
import type { World } from '../../src/model/world.ts';
import type { Clock } from '../embedded/clock.ts';

const missing = async (path: string): Promise<never> => {
  await Promise.resolve();
  throw Object.assign(new Error(`ENOENT: no such file or directory, open '${path}'`), { code: 'ENOENT' });
};
const readOnly = async (path: string): Promise<never> => {
  await Promise.resolve();
  throw Object.assign(new Error(`EROFS: read-only file system, open '${path}'`), { code: 'EROFS' });
};

export interface ModelWorld {
  readonly world: World;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Times somebody was asked. */
  readonly questions: () => number;
  /** Sleeps that have not ended. */
  readonly asleep: () => number;
  readonly interrupt: () => void;
}

/** `skewMs`: how far the local clock is from the cluster's. `answer`: what a person types; null: there is no terminal. */
export const modelWorld = (clock: Clock, skewMs: number, answer: string | null): ModelWorld => {
  let out = '';
  let err = '';
  let asked = 0;
  let sleeping = 0;
  const listeners = new Set<(name: 'SIGINT') => void>();
  const isTTY = answer !== null;
  const sink = (write: (text: string) => void): World['stdout'] => ({ isTTY, columns: () => 80, rows: () => 24, write });
  const readLine = async (): Promise<string | null> => {
    asked += 1;
    await clock.sleep(1500);
    return answer;
  };
  const world: World = {
    env: { HOME: '/home/model', TERM: 'xterm' },
    platform: 'linux',
    homeDirectory: '/home/model',
    workingDirectory: '/home/model',
    stdin: { isTTY, readLine, readAll: async () => await Promise.resolve(new Uint8Array()) },
    openTerminal: async () => await Promise.resolve(null),
    stdout: sink((text) => { out += text; }),
    stderr: sink((text) => { err += text; }),
    clock: {
      now: () => clock.now() + skewMs,
      sleep: async (ms, signal) => {
        if (signal?.aborted === true) return;
        sleeping += 1;
        await new Promise<void>((resolve) => {
          const cancel = clock.setTimer(ms, () => {
            signal?.removeEventListener('abort', onAbort);
            resolve();
          });
          const onAbort = (): void => {
            cancel();
            resolve();
          };
          signal?.addEventListener('abort', onAbort, { once: true });
        });
        sleeping -= 1;
      },
    },
    files: { read: missing, write: readOnly, makeDirectory: readOnly, append: readOnly, replace: readOnly, look: missing, list: missing },
    spawn: missing as unknown as World['spawn'],
    onSignal: (handler) => {
      listeners.add(handler);
      return () => listeners.delete(handler);
    },
  };
  return {
    world,
    stdout: () => out,
    stderr: () => err,
    questions: () => asked,
    asleep: () => sleeping,
    interrupt: () => {
      for (const listener of listeners) listener('SIGINT');
    },
  };
};
