/** Where the policy of a run is: the flag, then the environment, then the user's configuration folder. */
import path from 'node:path';
import type { World } from '../model/world.ts';

export interface Location {
  readonly file: string;
  /** Named by the flag or the environment: it has to be there. */
  readonly named: boolean;
}

export const POLICY_VARIABLE = 'KUBECTL_SAFE_DELETE_POLICY';

type Machine = Pick<World, 'env' | 'platform' | 'homeDirectory' | 'workingDirectory'>;

const pathsOf = (platform: NodeJS.Platform): path.PlatformPath => (platform === 'win32' ? path.win32 : path.posix);

/** The user's configuration folder: $XDG_CONFIG_HOME on every system; a relative one counts as not set (XDG Base Directory Specification). */
const configFolder = ({ env, platform, homeDirectory }: Machine): string => {
  const paths = pathsOf(platform);
  const xdg = env['XDG_CONFIG_HOME'] ?? '';
  if (paths.isAbsolute(xdg)) return xdg;
  const appData = env['APPDATA'] ?? '';
  return platform === 'win32' ? (appData === '' ? paths.join(homeDirectory, 'AppData', 'Roaming') : appData) : paths.join(homeDirectory, '.config');
};

/** The file to read; `flag` is --policy. An empty variable is none. */
export const locate = (flag: string | null, machine: Machine): Location => {
  const paths = pathsOf(machine.platform);
  const named = flag ?? machine.env[POLICY_VARIABLE] ?? '';
  if (named !== '') return { file: paths.resolve(machine.workingDirectory, named), named: true };
  return { file: paths.join(configFolder(machine), 'kubectl-safe-delete', 'policy.yaml'), named: false };
};
