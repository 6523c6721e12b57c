import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { builtInKinds, builtInWord } from '../../src/discovery/built-in.ts';
import { categoryKinds, kindForWord, kindNamed, typeOf } from '../../src/discovery/resources-for.ts';
import { qualified } from '../../src/model/ref.ts';
import type { ResourceKind } from '../../src/model/ref.ts';
import { recorded, served } from './recorded.ts';

const shown = (kind: ResourceKind | null | undefined): string | null => (kind === null || kind === undefined ? null : `${qualified(kind)} ${kind.version} ${kind.kind}`);
const meant = (word: string): string | null => shown(kindForWord(word, served)?.kind);

const group = 'grammar.safe-delete.test';

/** Each as kubectl resolves it; test/targets/kubectl-grammar.check.ts compares the two. */
const words: Readonly<Record<string, string | null>> = {
  pods: 'pods v1 Pod',
  pod: 'pods v1 Pod',
  PODS: 'pods v1 Pod',
  Pod: 'pods v1 Pod',
  po: 'pods v1 Pod',
  PO: null,
  'pods.v1.': 'pods v1 Pod',
  'pods.v1': null,
  'pods.v2.': null,
  'po.v1.': 'pods v1 Pod',
  deploy: 'deployments.apps v1 Deployment',
  deployments: 'deployments.apps v1 Deployment',
  'deployments.apps': 'deployments.apps v1 Deployment',
  'deployments.v1.apps': 'deployments.apps v1 Deployment',
  'deployments.v2.apps': null,
  'deployments.app': 'deployments.apps v1 Deployment',
  'Deployment.v1.apps': 'deployments.apps v1 Deployment',
  [`deployments.apps.${group}`]: `deployments.apps.${group} v1 Deployment`,
  [`deploy.apps.${group}`]: `deployments.apps.${group} v1 Deployment`,
  hpa: 'horizontalpodautoscalers.autoscaling v2 HorizontalPodAutoscaler',
  'hpa.v1.autoscaling': 'horizontalpodautoscalers.autoscaling v2 HorizontalPodAutoscaler',
  'horizontalpodautoscalers.v1.autoscaling': 'horizontalpodautoscalers.autoscaling v1 HorizontalPodAutoscaler',
  ev: 'events v1 Event',
  events: 'events v1 Event',
  'events.events': 'events.events.k8s.io v1 Event',
  'events.events.k8s.io': 'events.events.k8s.io v1 Event',
  ing: 'ingresses.networking.k8s.io v1 Ingress',
  'ingresses.networking': 'ingresses.networking.k8s.io v1 Ingress',
  crds: 'customresourcedefinitions.apiextensions.k8s.io v1 CustomResourceDefinition',
  cs: 'componentstatuses v1 ComponentStatus',
  endpoints: 'endpoints v1 Endpoints',
  widgets: `widgets.${group} v1 Widget`,
  widget: `widgets.${group} v1 Widget`,
  wdg: `widgets.${group} v1 Widget`,
  [`widgets.v1beta1.${group}`]: `widgets.${group} v1beta1 Widget`,
  [`widgets.v7.${group}`]: null,
  'widgets.grammar': `widgets.${group} v1 Widget`,
  'big-box': `bigboxes.${group} v1 BigBox`,
  bigbox: null,
  BigBox: null,
  [`BigBox.${group}`]: `bigboxes.${group} v1 BigBox`,
  [`bigbox.${group}`]: `bigboxes.${group} v1 BigBox`,
  [`BigBox.v1.${group}`]: `bigboxes.${group} v1 BigBox`,
  zz: `alphas.a.${group} v1 Alpha`,
  [`zz.b.${group}`]: `omegas.b.${group} v1 Omega`,
  'pods.metrics': `pods.metrics.${group} v1 Pod`,
  all: null,
  nothing: null,
  '': null,
  '.apps': null,
  'pods/log': null,
};

describe('the kind for a word', () => {
  for (const [word, expected] of Object.entries(words)) test(`${word === '' ? '(nothing)' : word} is ${expected ?? 'no type'}`, () => assert.equal(meant(word), expected));

  test('a short name of two resources says which other it could mean', () => {
    assert.deepEqual(kindForWord('zz', served)?.shadowed, [`omegas.b.${group}`]);
    assert.deepEqual(kindForWord('wd', served)?.shadowed, []);
  });

  test('an unknown type is quoted up to its first dot, as kubectl does', () => assert.equal(typeOf('nothing.v1.example.test'), 'nothing'));

  test('the order of groups decides, not that of names: the core group first', () => {
    const reversed = { ...served, groups: served.groups.toReversed() };
    assert.equal(shown(kindForWord('pods', reversed)?.kind), 'pods v1 Pod');
    assert.equal(shown(kindForWord('deployments', reversed)?.kind), `deployments.apps.${group} v1 Deployment`);
  });
});

describe('built-in words', () => {
  test('mean what discovery says that they mean', () => {
    for (const kind of builtInKinds) {
      for (const word of [kind.resource, kind.singular, kind.kind, ...kind.shortNames]) {
        assert.equal(shown(builtInWord(word)), meant(word), word);
        assert.deepEqual(builtInWord(word), kindForWord(word, served)?.kind, word);
      }
    }
  });
  for (const word of ['PO', 'widgets', 'all', 'pods.v1.', 'pods.metrics', 'statefulsets.app']) test(`${word} is none: discovery has to say`, () => assert.equal(builtInWord(word), null));
});

describe('a category', () => {
  test('all is the workloads, Services and what a definition adds, in the order of the groups', () => {
    assert.deepEqual(categoryKinds('all', served)?.map(qualified), [
      'pods', 'replicationcontrollers', 'services', 'daemonsets.apps', 'deployments.apps', 'replicasets.apps', 'statefulsets.apps', 'horizontalpodautoscalers.autoscaling', 'cronjobs.batch', 'jobs.batch', `widgets.${group}`,
    ]);
  });
  test('of definitions alone', () => assert.deepEqual(categoryKinds('grammar-things', served)?.map(qualified), [`gadgets.${group}`, `widgets.${group}`]));
  test('that nobody has is none', () => assert.equal(categoryKinds('pods', served), null));
});

describe('the kind that a file names', () => {
  const inFile: Readonly<Record<string, readonly [group: string, version: string, kind: string, expected: string | null]>> = {
    'in the version that it names': [group, 'v1beta1', 'Widget', `widgets.${group} v1beta1 Widget`],
    'of the core group': ['', 'v1', 'Pod', 'pods v1 Pod'],
    'in lower case': ['apps', 'v1', 'deployment', 'deployments.apps v1 Deployment'],
    'but not by its plural': ['apps', 'v1', 'deployments', null],
    'in a version that is not served': ['apps', 'v1beta1', 'Deployment', null],
    'in a group that is not served': ['extensions', 'v1beta1', 'Ingress', null],
  };
  for (const [name, [g, version, kind, expected]] of Object.entries(inFile)) test(`is found ${name}`, () => assert.equal(shown(kindNamed(g, version, kind, served)), expected));
});

test('a group whose server does not answer is named, and has no types', () => {
  assert.deepEqual(served.stale, ['stale.safe-delete.test/v1']);
  assert.ok('/apis/stale.safe-delete.test/v1' in recorded.lists);
});
