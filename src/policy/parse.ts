/** From the text of a file to a policy, or to the first thing that is wrong with it. Reads nothing else. */
import { checksCatalogue, knownIds } from '../findings/catalogue.ts';
import type { Severity } from '../findings/finding.ts';
import { parseLabelSelector } from '../model/label-selector.ts';
import { fail, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import { nearest } from '../options/nearest.ts';
import type { Compiled, CompileError } from './cel.ts';
import { builtInNames } from './policy.ts';
import type { Policy, PolicyError, Rule } from './policy.ts';
import { entriesAt, fieldsAt, Flaw, itemsAt, neededAt, numberAt, offsetWithin, positionIn, readDocument, refuse, textAt } from './read-yaml.ts';
import type { Place } from './read-yaml.ts';
import { codesOf, loweringFlaw, severities } from './severities.ts';

const MOST_ITEMS = 1_000;
const MOST_RULES = 200;
const LONGEST_TEXT = 500;
const LONGEST_RULE_NAME = 63;

const severityAt = (place: Place): Severity => {
  const text = textAt(place);
  const found = severities.find((s) => s === text);
  if (found !== undefined) return found;
  const meant = nearest(text, severities);
  return refuse(place, `has to be blocker, warning or note, and is "${text}"${meant === null ? '' : `: did you mean ${meant}?`}`);
};

const constantAt = (place: Place, expected: string): void => {
  const text = textAt(place);
  if (text !== expected) refuse(place, `has to be ${expected}, and is "${text}"`);
};

const lineAt = (place: Place, longest = LONGEST_TEXT): string => {
  const text = textAt(place);
  if (text.trim() === '') refuse(place, 'is empty');
  return text.length > longest ? refuse(place, `has ${text.length} characters; ${longest} at most`) : text;
};

const listAt = (place: Place | undefined, most = MOST_ITEMS): readonly Place[] => {
  if (place === undefined) return [];
  const items = itemsAt(place);
  return items.length > most ? refuse(place, `has ${items.length} items; ${most} at most`) : items;
};

const overrideAt = (id: Place & { readonly text: string }, value: Place): readonly [string, Severity] => {
  const severity = severityAt(value);
  if (!knownIds.has(id.text)) {
    const meant = nearest(id.text, knownIds);
    refuse(id, `"${id.text}" is no check or code${meant === null ? '' : `: did you mean ${meant}?`}`);
  }
  if (id.text === 'policy' || Object.hasOwn(checksCatalogue.policy.codes, id.text)) refuse(id, `"${id.text}" is of this policy itself: give its rules the severity`);
  const codes = codesOf(id.text);
  if (codes.length === 0) refuse(id, `"${id.text}" has notes only: name the code that is meant`);
  for (const [code, words] of codes) {
    const flaw = loweringFlaw(code, words, severity);
    if (flaw !== null) refuse(value, `${flaw} (${code === id.text ? code : `${id.text}/${code}`})`);
  }
  return [id.text, severity];
};

const selectorAt = (place: Place): Policy['labels'][number] => {
  const text = lineAt(place, 1_000);
  const parsed = parseLabelSelector(text);
  return parsed.ok ? { text: text.trim(), matches: parsed.value } : refuse(place, `is no label selector: ${parsed.error}`);
};

const limitAt = (place: Place): number => {
  const limit = numberAt(place);
  return limit >= 1 && limit <= 1_000_000 ? limit : refuse(place, `has to be between 1 and 1000000, and is ${limit}`);
};

const nameAt = (place: Place): string => {
  const name = textAt(place);
  if (name.length > LONGEST_RULE_NAME || !/^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/u.test(name)) refuse(place, `has to be lower case letters, digits and dashes, at most ${LONGEST_RULE_NAME}, because --allow policy/NAME takes it`);
  return (builtInNames as readonly string[]).includes(name) ? refuse(place, `is taken: ${name} is what this program itself finds`) : name;
};

type Compile = (text: string) => Result<Compiled, CompileError>;

const ruleAt = (place: Place, text: string, compile: Compile, names: Set<string>): Rule => {
  const fields = fieldsAt(place, ['name', 'message', 'severity', 'when']);
  const namePlace = neededAt(place, fields, 'name');
  const name = nameAt(namePlace);
  if (names.has(name)) refuse(namePlace, `"${name}" is used twice`);
  names.add(name);
  const message = lineAt(neededAt(place, fields, 'message')).replaceAll(/\s+/gu, ' ').trim();
  const severityPlace = fields.get('severity');
  const severity = severityPlace === undefined ? 'blocker' : severityAt(severityPlace);
  const when = neededAt(place, fields, 'when');
  const compiled = compile(lineAt(when, Number.POSITIVE_INFINITY));
  if (!compiled.ok) throw new Flaw(`${when.name} (rule ${name}): ${compiled.error.message}`, offsetWithin(when, text, compiled.error.offset));
  return { name, message, severity, readsNamespace: compiled.value.readsNamespace, evaluate: compiled.value.evaluate };
};

const policyAt = async (root: Place, text: string): Promise<Policy> => {
  const fields = fieldsAt(root, ['apiVersion', 'kind', 'severities', 'protected', 'bulkLimit', 'rules']);
  constantAt(neededAt(root, fields, 'apiVersion'), 'kubectl-safe-delete/v1');
  constantAt(neededAt(root, fields, 'kind'), 'Policy');
  const overrides = fields.get('severities');
  const protectedPlace = fields.get('protected');
  const guarded = protectedPlace === undefined ? new Map<string, Place>() : fieldsAt(protectedPlace, ['contexts', 'namespaces', 'labels']);
  const limit = fields.get('bulkLimit');
  const before = {
    severities: new Map(overrides === undefined ? [] : entriesAt(overrides).map(({ key, value }) => overrideAt(key, value))),
    contexts: listAt(guarded.get('contexts')).map((p) => lineAt(p)),
    namespaces: listAt(guarded.get('namespaces')).map((p) => lineAt(p)),
    labels: listAt(guarded.get('labels')).map(selectorAt),
    bulkLimit: limit === undefined ? null : limitAt(limit),
  };
  const rules = listAt(fields.get('rules'), MOST_RULES);
  if (rules.length === 0) return { ...before, rules: [] };
  // The library of the expressions is loaded for those who have some.
  const { compile } = await import('./cel.ts');
  const names = new Set<string>();
  return { ...before, rules: rules.map((place) => ruleAt(place, text, compile, names)) };
};

/** Reads a policy. Never throws for what the text holds. */
export const parsePolicy = async (text: string): Promise<Result<Policy, PolicyError>> => {
  try {
    return ok(await policyAt(readDocument(text), text));
  } catch (error) {
    if (error instanceof RangeError) return fail({ message: 'it is nested too deeply', line: 1, column: 1 });
    if (error instanceof Flaw) return fail({ message: error.message, ...positionIn(text, error.offset) });
    throw error;
  }
};
