/** Keeps what a real terminal (tmux) shows of a recorded run. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Shown } from './screens.ts';

const run = promisify(execFile);
const LONGEST_MS = 60_000;

/** Whether this machine has the terminal. */
export const hasTmux = async (): Promise<boolean> =>
  await run('tmux', ['-V']).then(
    () => true,
    () => false,
  );

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/** How a version of tmux takes all tones back is its own business. */
// oxlint-disable-next-line no-control-regex -- a terminal's own sequences
const RESETS = /(?:\u001b\[0m)?\u001b\[39m\u001b\[49m/gu;

/** Trailing spaces and lines are what the terminal was filled with; escapes are made visible. */
const kept = (text: string): string => text.replaceAll(RESETS, '\u001b[0m').split('\n').map((line) => line.replaceAll('\u001b', '␛').trimEnd()).join('\n').trimEnd();

/** The screens of a run, as the golden file has them. */
export const record = async (screen: Shown): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 'screen-'));
  const socket = join(folder, 'tmux');
  const tmux = async (...args: readonly string[]): Promise<string> => (await run('tmux', ['-S', socket, '-f', '/dev/null', ...args])).stdout;
  const until = async (file: string): Promise<void> => {
    const end = Date.now() + LONGEST_MS;
    while (!existsSync(join(folder, file))) {
      if (Date.now() > end) throw new Error(`${screen.name}: the terminal did not come to ${file}:\n${await tmux('capture-pane', '-p', '-S', '-').catch(String)}`);
      await new Promise((resolve) => {
        setTimeout(resolve, 15);
      });
    }
  };
  const command = [process.execPath, join(import.meta.dirname, 'replay.ts'), screen.name, folder].map(quoted).join(' ');
  try {
    await tmux('new-session', '-d', '-x', String(screen.columns), '-y', String(screen.rows), 'cat', ';', 'set-option', '-g', 'status', 'off', ';', 'set-option', '-g', 'remain-on-exit', 'on', ';', 'resize-window', '-x', String(screen.columns), '-y', String(screen.rows), ';', 'respawn-pane', '-k', command);
    const parts: string[] = [];
    for (const [i, moment] of [...screen.moments, null].entries()) {
      await until(`shown-${i}`);
      const text = await tmux('capture-pane', '-p', '-S', '-', ...(screen.color === 'always' ? ['-e'] : []));
      parts.push(`--- ${moment === null ? 'the end' : `after ${moment} s`} (${screen.resize !== null && (moment ?? Infinity) > screen.resize.at ? screen.resize.columns : screen.columns} columns)\n${kept(text)}\n`);
      if (screen.resize !== null && screen.resize.at === moment) await tmux('resize-window', '-x', String(screen.resize.columns), '-y', String(screen.rows));
      writeFileSync(join(folder, `kept-${i}`), '');
    }
    return parts.join('\n');
  } finally {
    await tmux('kill-server').catch(() => '');
    rmSync(folder, { recursive: true, force: true });
  }
};
