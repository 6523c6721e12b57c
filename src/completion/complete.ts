/**
 * What kubectl's completion asks its plugins: choices for the last of these words, one a line with what it is behind a tab, and cobra's
 * directive as the last line (kubectl pkg/cmd/plugin/plugin_completion.go). Never an error, never a question, and never late.
 */
import type { ClusterContext, ClusterPort } from '../cluster/port.ts';
import type { Result } from '../model/result.ts';
import type { World } from '../model/world.ts';
import { connectionOf } from '../options/complete.ts';
import type { ConnectionFlags } from '../options/connection-flags.ts';
import { knownFlags } from '../options/flags.ts';
import { valuesOf } from '../options/values.ts';
import { printable } from '../report/printable.ts';
import { openSources } from '../targets/sources.ts';
import { type Choice, choicesFor, type Choices, directives, type Reached, type Surroundings } from './choices.ts';
import { readLine } from './wanted.ts';

/** Somebody waits with a finger on the key. */
export const LONGEST_MS = 1500;

export interface Ways {
  readonly connect: (flags: ConnectionFlags, world: World) => Promise<Result<{ readonly port: ClusterPort; readonly context: ClusterContext }, unknown>>;
  /** The names in the kubeconfig that these flags choose. */
  readonly kubeconfig: (explicit: string | null, world: World) => Promise<Readonly<Record<'context' | 'cluster' | 'user', readonly string[]>>>;
}

const nothing: Choices = { choices: [], directive: directives.noFiles };

const lineOf = ({ text, about }: Choice): string => (about === undefined ? text : `${text}\t${printable(about)}`);

/** A name that a shell would read as something else, or that hides what it is, is no choice. */
const isPlain = ({ text }: Choice): boolean => text !== '' && printable(text) === text;

const printed = ({ choices, directive }: Choices, typed: string): string =>
  [...choices.filter((choice) => choice.text.startsWith(typed) && isPlain(choice)).map(lineOf), `:${directive}`].map((text) => `${text}\n`).join('');

/** The answer to `kubectl_complete-safe_delete WORDS...`. */
export const completeLine = async (argv: readonly string[], world: World, ways: Ways): Promise<string> => {
  const line = readLine(argv.length === 0 ? [''] : argv, knownFlags);
  const flags = connectionOf(valuesOf(line.assignments, knownFlags).values);
  // A credential plugin gets no terminal and shows nothing: it must not ask in the middle of a line.
  const quiet: World = { ...world, spawn: async (request) => await world.spawn({ ...request, stdin: 'none', stderr: 'none' }) };
  const late = new AbortController();
  const open: ClusterPort[] = [];
  let reached: Promise<Reached | null> | null = null;
  const reach = async (): Promise<Reached | null> => {
    const connected = await ways.connect(flags, quiet);
    if (!connected.ok) return null;
    const { port, context } = connected.value;
    open.push(port);
    return { port, context, discovery: openSources(quiet, port, { server: context.server, cacheDir: flags.cacheDir }).discovery };
  };
  const surroundings: Surroundings = {
    cluster: async () => await (reached ??= reach()),
    kubeconfig: async () => await ways.kubeconfig(flags.kubeconfig, quiet),
    signal: late.signal,
  };
  const over = new AbortController();
  const choices = await Promise.race([
    choicesFor(line, knownFlags, surroundings).catch(() => nothing),
    world.clock.sleep(LONGEST_MS, over.signal).then(() => nothing),
  ]);
  over.abort();
  late.abort();
  for (const port of open) port.close();
  return printed(choices, line.typed);
};
