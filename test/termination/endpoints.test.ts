import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KubeObject } from '../../src/model/wire.ts';
import { endpointsOf, servicesOf, trafficChanges } from '../../src/termination/endpoints.ts';
import { object } from '../model/objects.ts';

type Endpoint = Readonly<Record<string, unknown>>;

const endpoint = (uid: string, ready?: boolean): Endpoint => ({ addresses: ['10.0.0.1'], targetRef: { kind: 'Pod', uid }, ...(ready === undefined ? {} : { conditions: { ready } }) });
const slice = (name: string, service: string | null, ...endpoints: readonly Endpoint[]): KubeObject =>
  ({ ...object('discovery.k8s.io/v1', 'EndpointSlice', name, { metadata: service === null ? {} : { labels: { 'kubernetes.io/service-name': service } } }), endpoints }) as KubeObject;

const both = new Set(['a', 'b']);
const changes = (before: readonly KubeObject[], now: readonly KubeObject[]): readonly string[] =>
  trafficChanges(endpointsOf(before), endpointsOf(now), both).map((c) => `${c.uid} ${c.service} ${c.phase}`);

describe('traffic', () => {
  test('an endpoint that is marked not ready, and one that is taken out', () => {
    assert.deepEqual(changes([slice('s', 'web', endpoint('a', true), endpoint('b', true))], [slice('s', 'web', endpoint('a', false))]), ['a web not-ready-in-endpoints', 'b web removed-from-endpoints']);
  });
  test('a Service that publishes what is not ready shows the removal alone', () => {
    assert.deepEqual(changes([slice('s', 'db', endpoint('a'))], [slice('s', 'db', endpoint('a', true))]), []);
    assert.deepEqual(changes([slice('s', 'db', endpoint('a'))], [slice('s', 'db')]), ['a db removed-from-endpoints']);
  });
  test('a slice that is deleted takes its endpoints along', () => {
    assert.deepEqual(changes([slice('s', 'web', endpoint('a', true))], []), ['a web removed-from-endpoints']);
  });
  test('each Service by itself', () => {
    const before = [slice('s', 'web', endpoint('a', true)), slice('t', 'admin', endpoint('a', true))];
    assert.deepEqual(changes(before, [slice('s', 'web', endpoint('a', false)), slice('t', 'admin', endpoint('a', true))]), ['a web not-ready-in-endpoints']);
  });
  test('a pod twice in the slices of a Service (dual stack, or moved) is ready while it is anywhere', () => {
    const before = [slice('v4', 'web', endpoint('a', true)), slice('v6', 'web', endpoint('a', true))];
    assert.deepEqual(changes(before, [slice('v4', 'web', endpoint('a', false)), slice('v6', 'web', endpoint('a', true))]), []);
    assert.deepEqual(changes(before, [slice('v6', 'web', endpoint('a', false))]), ['a web not-ready-in-endpoints']);
  });
  test('a way back is no news, nor is a pod that is no target', () => {
    assert.deepEqual(changes([slice('s', 'web', endpoint('a', false))], [slice('s', 'web', endpoint('a', true))]), []);
    assert.deepEqual(changes([slice('s', 'web', endpoint('c', true))], [slice('s', 'web')]), []);
  });
  test('slices without a Service or an object behind them say nothing', () => {
    assert.deepEqual(changes([slice('s', null, endpoint('a', true)), slice('t', 'web', { addresses: ['1.1.1.1'] })], []), []);
  });
  test('the Services of some pods', () => {
    const endpoints = endpointsOf([slice('s', 'web', endpoint('a', true)), slice('t', 'admin', endpoint('a', false)), slice('u', 'other', endpoint('c', true))]);
    assert.deepEqual(servicesOf(endpoints, both), ['admin', 'web']);
  });
});
