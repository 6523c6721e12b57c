import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { skipWithoutOpenssl } from './certificates.ts';
import { configurations } from './configurations-all.ts';
import { fakeSetting, seesClientCertificates } from './fake-identity.ts';
import { difference, place, resolveOurselves } from './setting.ts';
import type { Setting } from './setting.ts';

/** Anything of a credential that a message could show. */
const SECRETS = /admin-token|limited-token|secret-of-plugin|4711|BEGIN [A-Z ]*KEY|eyJleHAi/u;

const skip = process.platform === 'win32' ? 'the plugins of this table are shell scripts' : skipWithoutOpenssl;

describe(`${configurations.length} configurations mean the server, user, namespace and TLS that kubectl makes of them`, { skip }, () => {
  let setting: Setting;
  before(async () => {
    setting = await fakeSetting();
  });

  for (const configuration of configurations) {
    const byCertificate = 'user' in configuration.expected && configuration.expected.user === 'cert-user';
    const skipRow = byCertificate && !seesClientCertificates ? 'the fake server sees no client certificate in Bun; the check beside kubectl has this row' : false;
    test(configuration.name, { skip: skipRow }, async () => {
      const outcome = await resolveOurselves(place(configuration, setting));
      assert.equal(difference(outcome, configuration, setting), null);
      if ('failure' in outcome) assert.doesNotMatch(outcome.failure, SECRETS);
    });
  }

  test('the table has no two rows of one name', () => {
    assert.equal(new Set(configurations.map(({ name }) => name)).size, configurations.length);
  });
});
