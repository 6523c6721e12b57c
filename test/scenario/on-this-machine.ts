/** What this machine has, whichever cluster the scenarios run on. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The absolute path of a program on PATH; null when there is none. */
export const programOnPath = (name: string, path = process.env['PATH'] ?? ''): string | null => {
  for (const directory of path.split(delimiter)) {
    if (directory === '') continue;
    const file = join(directory, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // the next directory
    }
  }
  return null;
};
