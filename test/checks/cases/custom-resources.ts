import type { CheckCases } from '../case.ts';

export const cases: CheckCases = { check: 'custom-resources', found: [], clear: [], unknown: [] };
