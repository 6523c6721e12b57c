/** Linux signal numbers and names (asm-generic), as 128 + n stands for them in exit codes. */
const names: Readonly<Record<number, string>> = {
  1: 'SIGHUP', 2: 'SIGINT', 3: 'SIGQUIT', 4: 'SIGILL', 5: 'SIGTRAP', 6: 'SIGABRT', 7: 'SIGBUS', 8: 'SIGFPE', 9: 'SIGKILL', 10: 'SIGUSR1', 11: 'SIGSEGV', 12: 'SIGUSR2',
  13: 'SIGPIPE', 14: 'SIGALRM', 15: 'SIGTERM', 16: 'SIGSTKFLT', 17: 'SIGCHLD', 18: 'SIGCONT', 19: 'SIGSTOP', 20: 'SIGTSTP', 21: 'SIGTTIN', 22: 'SIGTTOU', 23: 'SIGURG',
  24: 'SIGXCPU', 25: 'SIGXFSZ', 26: 'SIGVTALRM', 27: 'SIGPROF', 28: 'SIGWINCH', 29: 'SIGIO', 30: 'SIGPWR', 31: 'SIGSYS', 34: 'SIGRTMIN', 64: 'SIGRTMAX',
};

/** SIGABRT, SIGSEGV and their like: the program's own fault, also while it is being stopped. */
const crashes = new Set([4, 5, 6, 7, 8, 11, 31]);

/** The signal that an exit code stands for (128 + n); null when it stands for none. RTMIN+n as the kernel numbers it (34 to 64). */
export const signalOf = (exitCode: number): { readonly name: string; readonly number: number; readonly crash: boolean } | null => {
  const number = exitCode - 128;
  if (number < 1 || number > 64) return null;
  const name = names[number] ?? (number > 34 ? `SIGRTMIN+${number - 34}` : null);
  return name === null ? null : { name, number, crash: crashes.has(number) };
};

const otherNames: Readonly<Record<string, number>> = { SIGIOT: 6, SIGCLD: 17, SIGPOLL: 29, SIGRTMIN: 34, SIGRTMAX: 64 };
const numbers: ReadonlyMap<string, number> = new Map([...Object.entries(names).map(([number, name]) => [name, Number(number)] as const), ...Object.entries(otherNames)]);

/** The number of a stop signal as the API names it (core/v1 Signal: SIGTERM, SIGRTMIN+3, SIGRTMAX-1); null for a name that is not known. */
export const signalNumber = (name: string): number | null => {
  const realTime = /^SIGRT(?:MIN\+|MAX-)(\d+)$/u.exec(name);
  if (realTime === null) return numbers.get(name) ?? null;
  const distance = Number(realTime[1]);
  return name.startsWith('SIGRTMIN') ? 34 + distance : 64 - distance;
};
