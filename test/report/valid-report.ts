/** Reports and event lines against the published schemas, in the strict reading: no unknown field, no unknown value. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

type Schema = Readonly<Record<string, unknown>>;

const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The schema as published. */
export const publishedSchema = (name: 'report.v1' | 'event.v1'): Schema => {
  const json: unknown = JSON.parse(readFileSync(new URL(`../../schema/${name}.json`, import.meta.url), 'utf8'));
  assert(isSchema(json));
  return json;
};

/**
 * Readers must tolerate what they do not know, so the published schemas do. This tool knows all of it: `examples` become the only values,
 * and objects with listed properties get no others. Branches of allOf see a part of the object only; there the whole is closed outside.
 */
const strict = (value: unknown, inBranch = false): unknown => {
  if (Array.isArray(value)) return value.map((v) => strict(v, inBranch));
  if (!isSchema(value)) return value;
  const out: Record<string, unknown> = {};
  for (const [key, child] of Object.entries(value)) {
    if (key === 'properties' || key === '$defs') out[key] = isSchema(child) ? Object.fromEntries(Object.entries(child).map(([name, s]) => [name, strict(s)])) : child;
    else if (key === 'examples') out['enum'] = child;
    else out[key] = strict(child, key === 'allOf' || key === 'if' || key === 'then' || (key === 'anyOf' ? false : inBranch));
  }
  const closed = value['type'] === 'object' && isSchema(value['properties']) && !inBranch;
  return closed ? { ...out, unevaluatedProperties: false } : out;
};

/** Summary is open in the published schema for outcomes to come; here every count is one of the required. */
const validators = (how: (schema: Schema) => unknown): { readonly report: ValidateFunction; readonly event: ValidateFunction } => {
  const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true, strictTypes: false, strictRequired: false });
  const report = ajv.compile(how(publishedSchema('report.v1')) as Schema);
  return { report, event: ajv.compile(how(publishedSchema('event.v1')) as Schema) };
};

/** As users validate. */
export const tolerantly = validators((schema) => schema);
/** As this repository does. */
export const strictly = validators((schema) => strict(schema));

const check = (validate: ValidateFunction, json: unknown): void => {
  if (validate(json)) return;
  const errors = (validate.errors ?? []).map((e) => `${e.instancePath || '/'} ${e.message ?? ''} ${JSON.stringify(e.params)}`);
  assert.fail(`not valid against the schema:\n${errors.join('\n')}\n${JSON.stringify(json, null, 1).slice(0, 2000)}`);
};

/** Fails the test unless it is a DeletionReport that says nothing that the schema does not know. */
export const assertValidReport = (json: unknown): void => {
  check(strictly.report, json);
  const summary = (json as { readonly summary: Readonly<Record<string, number>> }).summary;
  const known = (publishedSchema('report.v1')['properties'] as { readonly summary: { readonly required: readonly string[] } }).summary.required;
  assert.deepEqual(Object.keys(summary).toSorted(), known.toSorted(), 'the summary counts exactly the known outcomes');
};

/** Fails the test unless it is an event line of -o ndjson. */
export const assertValidEvent = (json: unknown): void => check(strictly.event, json);
