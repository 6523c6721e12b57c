export interface ScopeCodes {
  'many-objects': { readonly count: number; readonly limit: number };
}
