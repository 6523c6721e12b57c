// What a word under the cursor could be.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readLine } from '../../src/completion/wanted.ts';
import { knownFlags } from '../../src/options/flags.ts';

const wanted = (...words: readonly string[]): string => {
  const { wanted: want, typed } = readLine(words, knownFlags);
  switch (want.kind) {
    case 'value':
      return `value of --${want.flag.name} from "${typed}"`;
    case 'name':
      return `name of ${want.types.join('+')}`;
    case 'type-and-name':
      return want.type === null ? 'type/' : `${want.type}/name`;
    case 'type':
    case 'flag':
    case 'topic':
    case 'shell':
    case 'nothing':
      return want.kind;
  }
};

const table: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  'words': [
    ['', 'type'],
    ['po', 'type'],
    ['pods,se', 'type'],
    ['pod |', 'name of pod'],
    ['pod,svc |', 'name of pod+svc'],
    ['pod web-1 |', 'name of pod'],
    ['pod/', 'pod/name'],
    ['pod/we', 'pod/name'],
    ['pod/a |', 'type/'],
    ['pod/a sts/d', 'sts/name'],
    ['-n shop pod |', 'name of pod'],
    ['--yes pod |', 'name of pod'],
    ['--context c -n n pod |', 'name of pod'],
    ['pod -- -x', 'name of pod'],
    ['explain |', 'topic'],
    ['explain finalizers |', 'nothing'],
    ['completion |', 'shell'],
    ['completion bash |', 'nothing'],
    ['pod -l app=web |', 'nothing'],
    ['pod --all |', 'nothing'],
    ['-f x.yaml |', 'type'],
  ],
  'flags': [
    ['-', 'flag'],
    ['--', 'flag'],
    ['pod x --dr', 'flag'],
    ['pod x -n |', 'value of --namespace from ""'],
    ['pod x -n sh', 'value of --namespace from "sh"'],
    ['pod x --namespace |', 'value of --namespace from ""'],
    ['pod x --namespace=sh', 'value of --namespace from "sh"'],
    ['pod x -n=sh', 'value of --namespace from "sh"'],
    ['pod x -yn |', 'value of --namespace from ""'],
    ['pod x --dry-run=', 'value of --dry-run from ""'],
    // A flag whose value is optional takes it after "=" only.
    ['pod x --dry-run |', 'name of pod'],
    ['pod x --yes |', 'name of pod'],
    ['pod x --allow a,b', 'value of --allow from "a,b"'],
    ['pod x --no-such-flag=', 'nothing'],
    ['pod x --no-such-flag |', 'name of pod'],
  ],
};

for (const [what, lines] of Object.entries(table)) {
  describe(what, () => {
    for (const [line, expected] of lines) {
      test(`"${line}" wants ${expected}`, () => {
        assert.equal(wanted(...line.split(' ').map((word) => (word === '|' ? '' : word))), expected);
      });
    }
  });
}
