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
