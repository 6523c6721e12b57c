// The YAML files of the repository, parsed.
import { readFile } from 'node:fs/promises';
import { parseAllDocuments } from 'yaml';

export const root = new URL('../../', import.meta.url);

/** All documents of a file of the repository; throws at the first syntax error. */
export const documentsOf = async (path: string): Promise<readonly unknown[]> =>
  parseAllDocuments(await readFile(new URL(path, root), 'utf8')).map((document): unknown => {
    if ('errors' in document && document.errors[0] !== undefined) throw document.errors[0];
    return document.toJS() as unknown;
  });
