/** The files of `--report`: opened before anything is deleted, filled when the run is over. */
import type { Files } from '../../model/world.ts';
import { unreachable } from '../../model/unreachable.ts';
import type { ReportFile } from '../../options/options.ts';
import type { DeletionReport } from '../wire.ts';
import { junitOf } from './junit.ts';
import { markdownOf } from './markdown.ts';

const textOf = (format: ReportFile['format'], report: DeletionReport): string => {
  switch (format) {
    case 'junit':
      return junitOf(report);
    case 'markdown':
      return markdownOf(report);
    default:
      return unreachable(format);
  }
};

const MODE = 0o644;

const REASONS: Readonly<Record<string, string>> = { ENOENT: 'no such file or directory', EACCES: 'permission denied', EISDIR: 'is a directory', ENOTDIR: 'not a directory', EROFS: 'read-only file system', ENOSPC: 'no space left on device' };

const reasonOf = (error: unknown): string => {
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' ? (REASONS[code] ?? code) : String(error);
};

/** What is wrong with writing `text` to the file at `path`; null: it is there. */
const problemWriting = async ({ file }: ReportFile, path: string, text: string, files: Files): Promise<string | null> => {
  try {
    await files.replace(path, text, MODE);
    return null;
  } catch (error) {
    return `cannot write the report ${file}: ${reasonOf(error)}`;
  }
};

/** Writes the report of now to every file; gives the first that could not be written, and those that could. `at` makes a path absolute. */
export const writeReports = async (
  reports: readonly ReportFile[],
  report: DeletionReport,
  files: Files,
  at: (path: string) => string,
): Promise<{ readonly problem: string | null; readonly written: readonly ReportFile[] }> => {
  const results = await Promise.all(reports.map(async (given) => ({ given, problem: await problemWriting(given, at(given.file), textOf(given.format, report), files) })));
  return { problem: results.find(({ problem }) => problem !== null)?.problem ?? null, written: results.flatMap(({ given, problem }) => (problem === null ? [given] : [])) };
};
