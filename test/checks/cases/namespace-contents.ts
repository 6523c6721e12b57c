import type { CheckCases } from '../case.ts';

export const cases: CheckCases = { check: 'namespace-contents', found: [], clear: [], unknown: [] };
