/** The rooms of the source, their order, and who imports whom: what the test of the imports holds, and the picture in docs/architecture.md shows. */
import { readFileSync, globSync } from 'node:fs';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');
export const files = globSync('src/**/*.ts', { cwd: root }).toSorted();

export const numbers: Readonly<Record<string, number>> = {
  model: 0,
  options: 1,
  findings: 1,
  discovery: 1,
  facts: 2,
  targets: 3,
  checks: 3,
  policy: 3,
  diagnosis: 3,
  plan: 4,
  events: 5,
  report: 6,
  deletion: 6,
  save: 6,
  termination: 6,
  completion: 7,
  run: 7,
  cli: 7,
};
/** What everybody above may know of the cluster: types, and the words for its problems. */
export const portFiles = new Set(['src/cluster/port.ts', 'src/cluster/problem.ts']);
/** Below the facts, which read through it. */
export const PORT = 1.5;
/** Rooms beside the order: only main imports them. */
export const apart = new Set(['cluster', 'connection']);
/** What a room beside the order may import of its own kind. */
export const mayImportApart: Readonly<Record<string, readonly string[]>> = { connection: ['connection', 'cluster'], cluster: ['cluster'] };

export interface Import {
  readonly from: string;
  /** A file of src, or a package. */
  readonly to: string;
  readonly line: number;
}

/** Every import, export-from and dynamic import of a file, types included. Comments are left out. */
const importsOf = (file: string): readonly Import[] => {
  const text = readFileSync(path.join(root, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\//gu, (comment) => comment.replaceAll(/[^\n]/gu, ' '));
  const pattern = /^\s*(?:import|export)\b[^'"`;]*?from\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]|\brequire\(\s*['"]([^'"]+)['"]/gmu;
  return [...text.matchAll(pattern)].map((match) => {
    const named = match[1] ?? match[2] ?? match[3] ?? match[4] ?? '';
    const to = named.startsWith('.') ? path.posix.join(path.posix.dirname(file), named) : named;
    return { from: file, to, line: text.slice(0, match.index).split('\n').length };
  });
};

export const all = files.flatMap(importsOf);
export const roomOf = (file: string): string => file.split('/')[1] ?? '';
export const isRoomFile = (file: string): boolean => file.split('/').length > 2;
export const numberOf = (file: string): number | undefined => (portFiles.has(file) ? PORT : numbers[roomOf(file)]);
