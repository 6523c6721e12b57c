import type { CheckWords } from '../words.ts';

const SHOWN = 3;
const some = (names: readonly string[]): string => `${names.slice(0, SHOWN).join(', ')}${names.length > SHOWN ? ', …' : ''}`;
const things = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
const ofThem = (count: number, kind: string): string => (count === 1 ? `the only ${kind}` : `all ${count} objects of kind ${kind}`);

export const scope: CheckWords<'scope'> = {
  id: 'scope',
  looksAt: 'more than it looks: `--all` or `-A` with cluster-scoped kinds, a selector of negations only, many objects, `-n` with a cluster-scoped kind',
  codes: {
    'all-of-cluster-scoped-kind': {
      severity: 'blocker',
      means: 'Everything of a kind that has no namespace is named at once: a namespace on the command line does not limit it.',
      message: (data, target) => `This deletes ${ofThem(data.count, data.kind)} in the cluster, ${target.name} among them: the kind has no namespaces that would limit it.`,
      remedy: () => 'Name the objects that are meant, or select them by a label.',
    },
    'all-in-all-namespaces': {
      severity: 'blocker',
      means: 'Everything of a kind in every namespace is named at once.',
      message: (data, target) => `This deletes everything of kind ${target.kind} in every namespace: ${things(data.count, 'object')} in ${things(data.namespaces, 'namespace')}.`,
      remedy: () => 'Name one namespace, or select what is meant.',
    },
    'many-objects': {
      severity: 'warning',
      means: 'The command names more than 20 objects; finished pods and Events are not counted.',
      message: (data) => `This deletes ${data.count} objects at once (finished pods and Events not counted).`,
      remedy: () => 'Make sure that all of them are meant, or delete them in smaller groups.',
    },
    'selector-in-all-namespaces': {
      severity: 'warning',
      means: 'A selector chooses in every namespace, and more than finished pods and Events: others may use the same labels.',
      message: (data) =>
        data.namespaces.length === 0
          ? `Selector ${data.selector} chooses in the whole cluster: ${things(data.count, 'object')}.`
          : `Selector ${data.selector} chooses in every namespace: ${things(data.count, 'object')} in ${some(data.namespaces)}.`,
      remedy: () => 'Make sure that all of these namespaces are meant, or name one.',
    },
    'only-negations': {
      severity: 'warning',
      means: 'The selector only says what is left out: it chooses everything else, also what does not have the label.',
      message: (data) => `Selector ${data.selector} only says what is left out, so it chooses everything else: ${things(data.count, 'object')}.`,
      remedy: () => 'Select by what the objects have in common, or make sure that all of them are meant.',
    },
    'all-leaves-some': {
      severity: 'note',
      means: 'The category `all` holds workloads, pods and Services: much of a namespace is not in it.',
      message: (data) => `The category all is not everything: ${data.leaves.slice(0, -1).join(', ')} and ${data.leaves.at(-1) ?? ''} stay.`,
      remedy: () => 'Name these kinds too if they are meant.',
    },
    'namespace-means-nothing': {
      severity: 'note',
      means: 'A namespace is given with an object that has none: the object of the whole cluster is meant.',
      message: (data, target) => `${data.kind} ${target.name} belongs to no namespace: the one on the command line does not limit what goes.`,
      remedy: () => 'Nothing to do if the object of the whole cluster is meant.',
    },
  },
};
