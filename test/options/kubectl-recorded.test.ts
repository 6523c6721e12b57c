import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { complete } from '../../src/options/complete.ts';
import type { DeleteOptionsOfRun } from '../../src/options/options.ts';
import { recorded, type Sent } from './record-kubectl.ts';

const none = { allowable: new Set<string>(), known: new Set<string>(), checks: new Set<string>() };

/** What these options will ask the API server for, for command lines that name pods. */
const wouldSend = (options: DeleteOptionsOfRun): readonly Sent[] => {
  const [first = '', ...rest] = options.words;
  const names = first.includes('/') ? options.words.map((word) => word.split('/')[1] ?? '') : rest;
  const { cascade, gracePeriodSeconds } = options.deletion;
  return names.map((name) => ({
    namespace: options.connection.namespace ?? 'default',
    name,
    gracePeriodSeconds,
    propagationPolicy: `${cascade.slice(0, 1).toUpperCase()}${cascade.slice(1)}`,
    dryRun: options.dryRun === 'server' ? ['All'] : null,
    as: options.connection.as,
    groups: options.connection.asGroup,
  }));
};

const cases = await recorded();

describe('command lines that a real kubectl was given', () => {
  test('are many', () => assert.ok(cases.length >= 100));
  for (const { argv, sent, error } of cases) {
    const line = argv.map((word) => (/^[\w./=+:,-]+$/.test(word) ? word : `'${word}'`)).join(' ');
    test(error === null ? `${line}: the same objects, namespace, options and user` : `${line}: refused with the same words`, () => {
      const result = complete(argv, {}, none);
      if (error === null) {
        assert.ok(result.ok, result.ok ? '' : result.error.message);
        assert.ok(result.value.command === 'delete');
        assert.deepEqual(wouldSend(result.value), sent);
      } else {
        assert.ok(!result.ok);
        assert.equal(result.error.message, error);
      }
    });
  }
});
