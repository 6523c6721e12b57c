import type { CheckCases } from '../case.ts';

export const cases: CheckCases = { check: 'coverage', found: [], clear: [], unknown: [] };
