/** TYPE NAME... and TYPE/NAME... as kubectl reads them (cli-runtime pkg/resource/builder.go), without a cluster. */
import { fail, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';

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

/** The names that the words give, in order, each once. The messages are kubectl's where kubectl has one. */
export const namedBy = (words: readonly string[]): Result<readonly Named[], WordsError> => {
  const [first] = words;
  if (first === undefined) {
    return fail({ code: 'no-resource', message: 'You must provide one or more resources by argument or filename.', remedy: 'type for example: kubectl safe-delete pod NAME' });
  }
  const slashed = words.filter((w) => w.includes('/'));
  if (slashed.length > 0 && slashed.length < words.length) {
    const message = first.includes('/')
      ? "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'"
      : `arguments in resource/name form cannot be mixed with ${first}`;
    return fail({ code: 'mixed-forms', message, remedy: 'write TYPE NAME... or TYPE/NAME..., not both' });
  }
  if (slashed.length > 0) {
    const named: Named[] = [];
    for (const word of words) {
      const [type = '', name = '', ...rest] = word.split('/');
      if (rest.length > 0 || type === '' || name === '') {
        return fail({ code: 'bad-name', message: `arguments in resource/name form must have a single resource and name: ${word}`, remedy: 'write TYPE/NAME' });
      }
      named.push({ type, name });
    }
    return ok(unique(named));
  }
  const names = words.slice(1);
  if (names.length === 0) {
    return fail({ code: 'no-name', message: 'resource(s) were provided, but no name was specified', remedy: `name what to delete: kubectl safe-delete ${first} NAME` });
  }
  return ok(unique(names.map((name) => ({ type: first, name }))));
};

const unique = (named: readonly Named[]): readonly Named[] => [...new Map(named.map((n) => [`${n.type}/${n.name}`, n])).values()];
