import { fail, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import type { Files } from '../model/world.ts';
import { unreadable } from './load.ts';

/** Writes new values of a user's auth-provider into the kubeconfig that holds the user; everything else of the file stays. */
export const storeTokens = async (path: string, user: string, changes: Readonly<Record<string, string>>, files: Files): Promise<Result<null, string>> => {
  try {
    const { isMap, isSeq, parseDocument } = await import('yaml');
    const document = parseDocument(Buffer.from(await files.read(path)).toString('utf8'));
    const users = document.get('users');
    const at = isSeq(users) ? users.items.findIndex((item) => isMap(item) && item.get('name') === user) : -1;
    if (at < 0) return fail(`there is no user "${user}" in ${path}`);
    for (const [name, value] of Object.entries(changes)) document.setIn(['users', at, 'user', 'auth-provider', 'config', name], value);
    await files.replace(path, document.toString({ lineWidth: 0 }), 0o600);
    return ok(null);
  } catch (error) {
    return fail(unreadable(path, error).message);
  }
};
