/** Read through a function: TypeScript believes that what it saw of a signal before an `await` still holds after it. */
export const isAborted = (signal: AbortSignal): boolean => signal.aborted;

/** Resolves when the signal fires, at once if it has. */
export const whenAborted = async (signal: AbortSignal): Promise<void> => {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => {
      resolve();
    }, { once: true });
  });
};
