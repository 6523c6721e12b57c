// krew's rules for a manifest: kubernetes-sigs/krew internal/index/validation/validate.go, internal/installation/move.go, and what its
// reviewers ask for (krew.sigs.k8s.io/docs/developer-guide).
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { documentsOf, root } from './yaml-files.ts';

interface Platform {
  readonly uri: string;
  readonly sha256: string;
  readonly bin: string;
  readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly files?: readonly { readonly from: string; readonly to: string }[];
}
interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly version: string;
    readonly homepage: string;
    readonly shortDescription: string;
    readonly description: string;
    readonly platforms: readonly Platform[];
  };
}

const [manifest] = (await documentsOf('krew-manifest.yaml')) as readonly [Manifest];
const { spec } = manifest;
const known: Readonly<Record<string, readonly string[]>> = { windows: ['386', 'amd64', 'arm64'], linux: ['386', 'amd64', 'arm', 'arm64', 'ppc64le'], darwin: ['386', 'amd64', 'arm64'] };

describe('krew-manifest.yaml', () => {
  test('is a Plugin of v1alpha2 called safe-delete, which kubectl finds as kubectl-safe_delete', () => {
    assert.equal(manifest.apiVersion, 'krew.googlecontainertools.github.com/v1alpha2');
    assert.equal(manifest.kind, 'Plugin');
    assert.equal(manifest.metadata.name, 'safe-delete');
    assert.match(manifest.metadata.name, /^[\w-]+$/);
  });

  test('has the version of package.json, with a v before it', async () => {
    const { version } = JSON.parse(await readFile(new URL('package.json', root), 'utf8')) as { readonly version: string };
    assert.equal(spec.version, `v${version}`);
    assert.match(spec.version, /^v\d+\.\d+\.\d+$/);
  });

  test('describes itself in one line of at most 50 characters, without the words that every plugin could use', () => {
    assert.ok(spec.shortDescription.length > 0 && spec.shortDescription.length <= 50, `${spec.shortDescription.length} characters`);
    assert.doesNotMatch(spec.shortDescription, /kubectl|plugin|kubernetes|[\r\n]/i);
  });

  test('has a description of lines of at most 80 characters, without usage and flags', () => {
    const lines = spec.description.split('\n');
    assert.deepEqual(lines.filter((line) => line.length > 80), []);
    assert.doesNotMatch(spec.description, /(?:^|\s)--?[a-z]|kubectl safe|\busage\b/i);
  });

  test('has platforms that krew knows, Linux on amd64 first, none twice', () => {
    const names = spec.platforms.map(({ selector }) => {
      assert.deepEqual(Object.keys(selector.matchLabels).toSorted(), ['arch', 'os']);
      const { os = '', arch = '' } = selector.matchLabels;
      assert.ok(known[os]?.includes(arch), `${os}/${arch}`);
      return `${os}/${arch}`;
    });
    assert.equal(names[0], 'linux/amd64');
    assert.equal(new Set(names).size, names.length);
  });

  test('names an archive over https, a lowercase sha256 and the executable for each platform, and clean targets', () => {
    for (const { uri, sha256, bin, files, selector } of spec.platforms) {
      const { os = '', arch = '' } = selector.matchLabels;
      assert.match(uri, /^https:\/\/.+\.(?:tar\.gz|zip)$/);
      assert.ok(uri.includes(`/kubectl-safe-delete/releases/download/${spec.version}/safe-delete_${os}_${arch}.`), uri);
      assert.match(sha256, /^[a-f0-9]{64}$/);
      assert.equal(bin, os === 'windows' ? 'kubectl-safe_delete.exe' : 'kubectl-safe_delete');
      // Absent means every file of the archive; "./x" passes krew's validation and then fails to install.
      assert.ok(files === undefined || files.length > 0);
      for (const { from, to } of files ?? []) {
        assert.notEqual(from, '');
        assert.doesNotMatch(to, /^\.\/|\/$|\/\/|(?:^|\/)\.\.(?:\/|$)|^$/);
      }
    }
  });

  test('says that its sums are placeholders as long as they are', async () => {
    const text = await readFile(new URL('krew-manifest.yaml', root), 'utf8');
    const placeholders = spec.platforms.some(({ sha256 }) => /^0+$/.test(sha256));
    assert.equal(/placeholder/i.test(text), placeholders);
  });
});
