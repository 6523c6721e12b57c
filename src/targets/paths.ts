/** The files that -f names: a file, a folder, or a pattern (cli-runtime builder.go expandIfFilePattern and Path, visitor.go ExpandPathsToFileVisitors). */
import { isAbsolute, join, resolve as resolvePath, sep } from 'node:path';
import { fail, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import type { Files } from '../model/world.ts';

/** Of files in a folder; a file that is named itself may be called anything. */
export const fileExtensions = ['.json', '.yaml', '.yml'] as const;

export interface PathWorld {
  readonly files: Pick<Files, 'look' | 'list'>;
  readonly workingDirectory: string;
}

const codeOf = (error: unknown): string => {
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' ? code : 'unknown';
};

type Looked = { readonly is: 'file' | 'directory' } | { readonly is: 'absent' } | { readonly is: 'unread'; readonly code: string };

const lookAt = async (path: string, world: PathWorld): Promise<Looked> => {
  try {
    return { is: await world.files.look(resolvePath(world.workingDirectory, path)) };
  } catch (error) {
    const code = codeOf(error);
    return code === 'ENOENT' || code === 'ENOTDIR' ? { is: 'absent' } : { is: 'unread', code };
  }
};

const escaped = (letter: string): string => letter.replaceAll(/[\\^$.*+?()[\]{}|/-]/gu, String.raw`\$&`);

/** One segment of Go's filepath.Match as a regular expression; null for a pattern that is not well formed. */
const segmentPattern = (segment: string): RegExp | null => {
  let source = '';
  for (let at = 0; at < segment.length; at++) {
    const c = segment[at] ?? '';
    if (c === '*') source += '[^/]*';
    else if (c === '?') source += '[^/]';
    else if (c === '\\' && sep !== '\\') {
      at++;
      if (at >= segment.length) return null;
      source += escaped(segment[at] ?? '');
    } else if (c === '[') {
      const end = segment.indexOf(']', at + (segment[at + 1] === '^' ? 3 : 2));
      if (end < 0) return null;
      const body = segment.slice(at + 1, end);
      source += `[${body.startsWith('^') ? '^' : ''}${body.replace(/^\^/u, '').replaceAll(/[\\\]^]/gu, String.raw`\$&`)}]`;
      at = end;
    } else source += escaped(c);
  }
  try {
    return new RegExp(`^${source}$`, 'u');
  } catch {
    return null;
  }
};

/** What matches a pattern, sorted; null for a pattern that is not well formed. Folders that cannot be read match nothing, as in Go. */
const glob = async (pattern: string, world: PathWorld): Promise<readonly string[] | null> => {
  const segments = pattern.split(/[/]/u).map((text) => ({ text, match: /[*?[\\]/u.test(text) ? segmentPattern(text) : undefined }));
  if (segments.some((s) => s.match === null)) return null;
  let found = [isAbsolute(pattern) ? '/' : ''];
  for (const { text, match } of segments) {
    if (text === '') continue;
    const next: string[] = [];
    for (const base of found) {
      if (match === undefined || match === null) {
        const path = join(base, text);
        if ((await lookAt(path, world)).is !== 'absent') next.push(path);
        continue;
      }
      try {
        const entries = await world.files.list(resolvePath(world.workingDirectory, base));
        next.push(...entries.filter((e) => match.test(e.name)).map((e) => join(base, e.name)));
      } catch {
        continue;
      }
    }
    found = next;
  }
  return found;
};

const inFolder = async (folder: string, recursive: boolean, world: PathWorld): Promise<readonly string[]> => {
  const entries = await world.files.list(resolvePath(world.workingDirectory, folder));
  const paths: string[] = [];
  for (const { name, directory } of entries) {
    const path = join(folder, name);
    if (!directory && fileExtensions.some((extension) => name.endsWith(extension))) paths.push(path);
    if (directory && recursive) paths.push(...(await inFolder(path, recursive, world)));
  }
  return paths;
};

/** The files for one -f, as named. Folders give their YAML and JSON files in order of name; an empty folder gives none. */
export const filesFor = async (named: string, recursive: boolean, world: PathWorld): Promise<Result<readonly string[], string>> => {
  const itself = await lookAt(named, world);
  const matches = itself.is === 'absent' ? await glob(named, world) : [named];
  if (matches === null) return fail(`pattern "${named}" is not valid: syntax error in pattern`);
  if (matches.length === 0) return fail(`the path "${named}" does not exist`);
  const files: string[] = [];
  for (const path of matches) {
    const looked = await lookAt(path, world);
    if (looked.is === 'absent') return fail(`the path "${path}" does not exist`);
    if (looked.is === 'unread') return fail(`the path "${path}" cannot be accessed: ${looked.code}`);
    if (looked.is === 'file') {
      files.push(path);
      continue;
    }
    try {
      files.push(...(await inFolder(path, recursive, world)));
    } catch (error) {
      return fail(`error reading "${path}": ${codeOf(error)}`);
    }
  }
  return ok(files);
};
