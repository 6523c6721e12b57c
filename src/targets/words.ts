/** TYPE NAME..., TYPE/NAME..., and what goes with which flag, as kubectl reads them (cli-runtime pkg/resource/builder.go), without a cluster. */
import { fail, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import type { SelectionFlags } from '../options/options.ts';

/** One name under the word that says its type. */
export interface Named {
  readonly type: string;
  readonly name: string;
}

export interface WordsError {
  readonly code: string;
  readonly message: string;
  readonly remedy: string | null;
}

/** What a command line names. */
export type Asked =
  | { readonly by: 'names'; readonly named: readonly Named[] }
  /** TYPE NAME..., where the type may turn out to be several by a category, which is an error. */
  | { readonly by: 'type-and-names'; readonly type: string; readonly names: readonly string[] }
  /** Types without a name: an error, after unknown types have been told. */
  | { readonly by: 'types'; readonly types: readonly string[] }
  | { readonly by: 'selection'; readonly types: readonly string[]; readonly labelSelector: string | null; readonly fieldSelector: string | null }
  /** `labelSelector` filters what the files hold. */
  | { readonly by: 'files'; readonly filenames: readonly string[]; readonly kustomize: string | null; readonly recursive: boolean; readonly labelSelector: string | null };

const unique = (words: readonly string[]): readonly string[] => [...new Set(words)];

/** SplitResourceArgument: comma lists, each part once. */
const types = (word: string): readonly string[] => unique(word.split(','));

/** `a,b x y` is a/x a/y b/x b/y (normalizeMultipleResourcesArgs). */
const spread = (words: readonly string[]): readonly string[] => {
  const [first = '', ...names] = words;
  const several = types(first);
  return names.length > 0 && several.length > 1 ? several.flatMap((type) => names.map((name) => `${type}/${name}`)) : words;
};

const error = (code: string, message: string, remedy: string | null): { readonly ok: false; readonly error: WordsError } => fail({ code, message, remedy });

const pairs = (words: readonly string[]): Result<readonly Named[], WordsError> => {
  const named: Named[] = [];
  for (const word of words) {
    const [type = '', name = '', ...rest] = word.split('/');
    if (rest.length > 0) return error('bad-name', 'arguments in resource/name form may not have more than one slash', `write TYPE/NAME instead of ${word}`);
    if (type === '' || name === '' || type.includes(',')) return error('bad-name', 'arguments in resource/name form must have a single resource and name', `write TYPE/NAME instead of ${word}`);
    named.push({ type, name });
  }
  return ok([...new Map(named.map((n) => [`${n.type}/${n.name}`, n])).values()]);
};

const mixed = (): ReturnType<typeof error> =>
  error(
    'mixed-forms',
    "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'",
    'write TYPE NAME... or TYPE/NAME..., not both',
  );

const inFiles = (flags: SelectionFlags): boolean => flags.filenames.length > 0 || flags.kustomize !== null;

const isSelection = (flags: SelectionFlags): boolean => flags.all || flags.labelSelector !== null || flags.fieldSelector !== null;

const noResource = (): ReturnType<typeof error> =>
  error('no-resource', 'You must provide one or more resources by argument or filename.', 'type for example: kubectl safe-delete pod NAME, or -f FILE');

/** What the words and flags ask for, or kubectl's sentence about what cannot go together. Nothing is read. */
export const askedFor = (words: readonly string[], flags: SelectionFlags): Result<Asked, WordsError> => {
  const args = spread(words);
  const slashed = args.filter((w) => w.includes('/')).length;
  if (slashed > 0 && slashed < args.length) return mixed();
  const [first] = args;
  if (inFiles(flags)) {
    if (slashed > 0) return error('conflicting-arguments', 'resource/name arguments cannot be provided when a path is specified', 'leave out the names, or -f and -k');
    if (first !== undefined) return error('conflicting-arguments', 'when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well', 'leave out the types, or -f and -k');
    return ok({ by: 'files', filenames: flags.filenames, kustomize: flags.kustomize, recursive: flags.recursive, labelSelector: flags.labelSelector });
  }
  if (slashed > 0) {
    const named = pairs(args);
    if (!named.ok) return named;
    if (isSelection(flags)) return error('conflicting-arguments', 'selectors and the all flag cannot be used when passing resource/name arguments', 'leave out the names, or the selector');
    return ok({ by: 'names', named: named.value });
  }
  const names = args.slice(1);
  if (isSelection(flags)) {
    if (names.length > 0) return error('conflicting-arguments', 'name cannot be provided when a selector is specified', 'leave out the names, or the selector');
    if (first === undefined) return error('no-resource', 'at least one resource must be specified to use a selector', 'type for example: kubectl safe-delete pods -l app=web');
    return ok({ by: 'selection', types: types(first), labelSelector: flags.labelSelector, fieldSelector: flags.fieldSelector });
  }
  if (first === undefined) return noResource();
  if (names.length === 0) return ok({ by: 'types', types: types(first) });
  return ok({ by: 'type-and-names', type: types(first)[0] ?? first, names: unique(names) });
};

/** Why no object can have this name: it would change the path of the request (apimachinery api/validation/path IsValidPathSegmentName). */
export const nameFlaw = (name: string, what: 'resource name' | 'namespace'): WordsError | null => {
  const bad = (why: string): WordsError => ({ code: 'bad-name', message: `invalid ${what} "${name}": [${why}]`, remedy: null });
  if (name === '') return { code: 'bad-name', message: `${what} may not be empty`, remedy: null };
  if (name === '.' || name === '..') return bad(`may not be '${name}'`);
  const letter = ['/', '%'].find((l) => name.includes(l));
  return letter === undefined ? null : bad(`may not contain '${letter}'`);
};
