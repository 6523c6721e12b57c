export interface TerminatingCodes {
  'already-terminating': { readonly since: string | null; readonly deadline: string; readonly overdueSeconds: number; readonly waitsFor: string; readonly graceLowered: boolean };
}
