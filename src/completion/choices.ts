/** The choices for a word, from the line, the catalogue, the kubeconfig and the cluster. */
import type { ClusterContext, ClusterPort } from '../cluster/port.ts';
import { builtInKinds, namespaceKind, podKind } from '../discovery/built-in.ts';
import type { Discovery } from '../discovery/documents.ts';
import { allowable, checkIds, checksCatalogue } from '../findings/catalogue.ts';
import type { CodeWords } from '../findings/words.ts';
import { qualified, type ResourceKind } from '../model/ref.ts';
import type { KubeObject } from '../model/wire.ts';
import type { Flag } from '../options/flag.ts';
import { Kinds } from '../targets/kinds.ts';
import type { DiscoverySource } from '../targets/discovery-source.ts';
import type { Line } from './wanted.ts';

/** cobra's ShellCompDirective: what the shell does beside offering the choices. */
export const directives = { files: 0, noSpace: 2, noFiles: 4, folders: 16 } as const;

export interface Choice {
  readonly text: string;
  readonly about?: string;
}

export interface Choices {
  readonly choices: readonly Choice[];
  readonly directive: number;
}

/** A cluster to look names up in. */
export interface Reached {
  readonly port: ClusterPort;
  readonly context: ClusterContext;
  readonly discovery: DiscoverySource;
}

/** Where choices come from that the command line does not hold. Each gives null or nothing instead of an error. */
export interface Surroundings {
  readonly cluster: () => Promise<Reached | null>;
  readonly kubeconfig: () => Promise<Readonly<Record<'context' | 'cluster' | 'user', readonly string[]>>>;
  readonly signal: AbortSignal;
}

const MOST_NAMES = 500;

const plain = (texts: readonly string[]): readonly Choice[] => texts.map((text) => ({ text }));
const only = (choices: readonly Choice[]): Choices => ({ choices, directive: directives.noFiles });
const none = only([]);

const checkChoices: readonly Choice[] = checkIds.map((id) => ({ text: id, about: checksCatalogue[id].looksAt }));

const codeChoices: readonly Choice[] = checkIds.flatMap((id) =>
  (Object.entries(checksCatalogue[id].codes) as readonly [string, CodeWords<never>][]).map(([text, { means }]) => ({ text, about: means })),
);

const subcommands: readonly Choice[] = [
  { text: 'explain', about: 'what a check looks at, and what to do about its findings' },
  { text: 'completion', about: 'completion for a shell' },
];

/** The namespace of the names on the line; null: all, or the kind has none. */
const namespaceOf = (line: Line, reached: Reached, kind: ResourceKind): string | null =>
  kind.namespaced ? (line.assignments.findLast(({ flag }) => flag.name === 'namespace')?.value ?? reached.context.namespace) : null;

const namesOf = async (kind: ResourceKind, namespace: string | null, { port }: Reached, signal: AbortSignal): Promise<readonly string[]> => {
  const answer = await port.list({ group: kind.group, version: kind.version, resource: kind.resource, namespace, name: null }, { signal, metadataOnly: true, limit: MOST_NAMES });
  return answer.ok ? answer.value.items.flatMap((item) => item.metadata.name) : [];
};

/** Kinds without objects: they only take questions. */
const asked = new Set(['authentication.k8s.io', 'authorization.k8s.io']);
const unlisted = new Set(['bindings', 'componentstatuses']);

const kindsOf = (discovery: Discovery | null): readonly ResourceKind[] => {
  const kinds = discovery === null ? builtInKinds : discovery.groups.flatMap((group) => group.versions.find(({ version }) => version === group.preferred)?.kinds ?? []);
  return kinds.filter(({ group, resource }) => !asked.has(group) && !(group === '' && unlisted.has(resource)));
};

/** The plural of each kind; with its group where a dot was typed, or where two kinds have the same. A short name only where no plural begins so. */
const typeChoices = (kinds: readonly ResourceKind[], typed: string): readonly Choice[] => {
  const first = new Map<string, ResourceKind>();
  for (const kind of kinds) first.set(kind.resource, first.get(kind.resource) ?? kind);
  const plurals = kinds.map((kind) => ({ text: typed.includes('.') || first.get(kind.resource) !== kind ? qualified(kind) : kind.resource, about: kind.kind }));
  const short = kinds.filter((kind) => kind.shortNames.includes(typed)).map((kind) => ({ text: typed, about: kind.kind }));
  return plurals.some(({ text }) => text.startsWith(typed)) ? plurals : short;
};

const discovered = async (surroundings: Surroundings): Promise<readonly ResourceKind[]> => {
  const reached = await surroundings.cluster();
  const known = reached === null ? null : await reached.discovery.current(surroundings.signal);
  return kindsOf(known?.ok === true ? known.value : null);
};

const namesOfTypes = async (types: readonly string[], line: Line, surroundings: Surroundings): Promise<readonly string[]> => {
  const reached = await surroundings.cluster();
  if (reached === null || line.assignments.some(({ flag, value }) => flag.name === 'all-namespaces' && value !== 'false')) return [];
  const kinds = await new Kinds(reached.discovery, surroundings.signal, false).forTypes(types);
  if (!kinds.ok) return [];
  const names = await Promise.all(kinds.value.map(async (kind) => await namesOf(kind, namespaceOf(line, reached, kind), reached, surroundings.signal)));
  return [...new Set(names.flat())];
};

/** The containers of the one pod on the line. */
const containers = async (line: Line, surroundings: Surroundings): Promise<readonly Choice[]> => {
  const [first = '', second = ''] = line.words;
  const name = first.includes('/') ? first.slice(first.indexOf('/') + 1) : second;
  const reached = await surroundings.cluster();
  if (reached === null || name === '') return [];
  const namespace = namespaceOf(line, reached, podKind);
  const answer = await reached.port.get({ group: '', version: 'v1', resource: 'pods', namespace, name }, { signal: surroundings.signal });
  if (!answer.ok) return [];
  const { spec } = answer.value as KubeObject & { readonly spec?: Readonly<Partial<Record<'containers' | 'initContainers' | 'ephemeralContainers', readonly { readonly name: string }[]>>> };
  return [
    ...(spec?.containers ?? []).map((c) => ({ text: c.name, about: 'container' })),
    ...(spec?.initContainers ?? []).map((c) => ({ text: c.name, about: 'init container' })),
    ...(spec?.ephemeralContainers ?? []).map((c) => ({ text: c.name, about: 'ephemeral container' })),
  ];
};

/** `a,b` up to the last comma stays as it was typed; what the list has already is not offered again. */
const listed = (choices: readonly Choice[], typed: string): Choices => {
  const before = typed.slice(0, typed.lastIndexOf(',') + 1);
  const given = new Set(before.split(','));
  return only(choices.filter(({ text }) => !given.has(text)).map((choice) => ({ ...choice, text: `${before}${choice.text}` })));
};

const folders = new Set(['kustomize', 'save', 'cache-dir']);
const files = new Set(['filename', 'kubeconfig', 'policy', 'certificate-authority', 'client-certificate', 'client-key']);

/** `json|ndjson|yaml|name`: a placeholder of lower-case words is the list of values. */
const namedValues = (flag: Flag): readonly string[] => (/^[a-z]+(?:\|[a-z]+)+$/u.test(flag.value) ? flag.value.split('|') : []);

const valueChoices = async (flag: Flag, line: Line, surroundings: Surroundings): Promise<Choices> => {
  if (flag.kind === 'bool') return only(plain(['true', 'false']));
  if (files.has(flag.name)) return { choices: [], directive: directives.files };
  if (folders.has(flag.name)) return { choices: [], directive: directives.folders };
  switch (flag.name) {
    case 'context':
    case 'cluster':
    case 'user':
      return only(plain((await surroundings.kubeconfig())[flag.name]));
    case 'namespace':
      return only(plain(await surroundings.cluster().then(async (reached) => (reached === null ? [] : await namesOf(namespaceKind, null, reached, surroundings.signal)))));
    case 'allow':
      return listed([...checkChoices, ...codeChoices].filter(({ text }) => allowable.has(text)), line.typed);
    case 'skip':
      return listed(checkChoices, line.typed);
    case 'exit-code-from':
      return only(await containers(line, surroundings));
    case 'cascade':
      return only(plain(['background', 'foreground', 'orphan']));
    case 'report':
      return { choices: plain(['junit=', 'markdown=']), directive: directives.noFiles + directives.noSpace };
    default:
      return only(plain(namedValues(flag)));
  }
};

const flagChoices = (flags: readonly Flag[], line: Line): Choices => {
  const given = new Set(line.assignments.filter(({ flag }) => flag.kind !== 'array' && flag.kind !== 'slice').map(({ flag }) => flag.name));
  return only(flags.filter((flag) => flag.absent === null && !given.has(flag.name)).map(({ name, describe }) => ({ text: `--${name}`, about: describe })));
};

const wordChoices = async (line: Line, surroundings: Surroundings): Promise<Choices> => {
  const { wanted, typed, words } = line;
  switch (wanted.kind) {
    case 'topic':
      return only([...checkChoices, ...codeChoices]);
    case 'shell':
      return only(plain(['bash', 'zsh', 'fish']));
    case 'type': {
      const types = typeChoices(await discovered(surroundings), typed.slice(typed.lastIndexOf(',') + 1));
      return typed.includes(',') ? listed(types, typed) : only([...types, ...subcommands]);
    }
    case 'name': {
      const given = new Set(words.slice(1));
      return only(plain((await namesOfTypes(wanted.types, line, surroundings)).filter((name) => !given.has(name))));
    }
    case 'type-and-name': {
      if (wanted.type === null) {
        const types = typeChoices(await discovered(surroundings), typed);
        return { choices: types.map((choice) => ({ ...choice, text: `${choice.text}/` })), directive: directives.noFiles + directives.noSpace };
      }
      const { type } = wanted;
      const given = new Set(words);
      return only(plain((await namesOfTypes([type], line, surroundings)).map((name) => `${type}/${name}`).filter((choice) => !given.has(choice))));
    }
    case 'flag':
    case 'value':
    case 'nothing':
      return none;
  }
};

/** Everything that may stand there, whatever has been typed of it. */
export const choicesFor = async (line: Line, flags: readonly Flag[], surroundings: Surroundings): Promise<Choices> => {
  if (line.wanted.kind === 'flag') return flagChoices(flags, line);
  return line.wanted.kind === 'value' ? await valueChoices(line.wanted.flag, line, surroundings) : await wordChoices(line, surroundings);
};
