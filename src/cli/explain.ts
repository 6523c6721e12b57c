/** `explain`: what a check looks at, its codes and severities, and what to do. Needs no cluster. */
import { checkIds, checksCatalogue } from '../findings/catalogue.ts';
import type { CheckId, Severity } from '../findings/finding.ts';
import type { CodeWords } from '../findings/words.ts';

interface ExplainedCode {
  readonly code: string;
  readonly severity: Severity;
  readonly irreversible: boolean;
  readonly means: string;
  /** What to do; what a finding fills in stands as `<field>`. */
  readonly remedy: string;
  readonly acceptedBy: string | null;
}

interface ExplainedCheck {
  readonly id: CheckId;
  readonly looksAt: string;
  readonly codes: readonly ExplainedCode[];
}

/** Stands for what only a finding knows: any field of it is written as `<field>`, and a list has one such entry. */
const placeholder = (field: string): unknown => {
  const text = (): string => `<${field}>`;
  const members: Readonly<Record<string | symbol, unknown>> = {
    [Symbol.toPrimitive]: text,
    [Symbol.iterator]: function* entries(): Generator {
      yield placeholder(field);
    },
    toString: text,
    toLowerCase: text,
    join: text,
    slice: () => [placeholder(field)],
    group: '',
    length: 1,
    map: (entry: (of: unknown) => unknown) => [entry(placeholder(field))],
  };
  // The name of a thing goes by what the thing is.
  return new Proxy({}, { get: (_, key) => (Object.hasOwn(members, key) ? members[key] : key === 'name' ? text() : placeholder(String(key))) });
};

const acceptedBy = (id: CheckId, words: CodeWords<never>): string | null => {
  switch (words.severity) {
    case 'blocker':
      return words.final === true ? null : `--allow ${id}`;
    case 'warning':
      return words.irreversible === true ? '--confirm NAME' : '--yes';
    case 'note':
      return null;
  }
};

/** The check, or the checks that have the code; all of them without a topic. */
export const explained = (topic: string | null): readonly ExplainedCheck[] =>
  checkIds.flatMap((id) => {
    const all = Object.entries(checksCatalogue[id].codes) as readonly [string, CodeWords<never>][];
    const shown = topic === null || topic === id ? all : all.filter(([code]) => code === topic);
    if (shown.length === 0) return [];
    const codes = shown.map(([code, words]) => ({ code, severity: words.severity, irreversible: words.irreversible === true, means: words.means, remedy: words.remedy(placeholder('name') as never, placeholder('object') as never), acceptedBy: acceptedBy(id, words) }));
    return [{ id, looksAt: checksCatalogue[id].looksAt, codes }];
  });

const wrapped = (text: string, indent: string, width: number): string => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((l) => `${indent}${l}`).join('\n');
};

/** For people, within 80 columns. */
export const explainText = (topic: string | null): string => {
  const checks = explained(topic);
  if (topic === null) {
    const width = Math.max(...checks.map((c) => c.id.length));
    const rows = checks.map((c) => `  ${c.id.padEnd(width)}  ${wrapped(c.looksAt, ' '.repeat(width + 4), 80).trimStart()}`);
    return `Checks (kubectl safe-delete explain CHECK tells more):\n\n${rows.join('\n')}\n`;
  }
  return checks
    .map((c) => {
      const codes = c.codes.map((code) => {
        const pass = code.acceptedBy === null ? (code.severity === 'blocker' ? 'cannot be allowed' : 'never asks') : `accepted by ${code.acceptedBy}`;
        return `${wrapped(`${code.code} (${code.severity}${code.irreversible ? ', irreversible' : ''}; ${pass})`, '  ', 80)}\n${wrapped(code.means, '    ', 80)}\n${wrapped(`What to do: ${code.remedy}`, '    ', 80)}`;
      });
      return `${c.id}\n${wrapped(`Looks at: ${c.looksAt}.`, '  ', 80)}\n\n${codes.join('\n\n')}\n`;
    })
    .join('\n');
};
