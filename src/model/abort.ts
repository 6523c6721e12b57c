/** Read through a function: TypeScript believes that what it saw of a signal before an `await` still holds after it. */
export const isAborted = (signal: AbortSignal): boolean => signal.aborted;
