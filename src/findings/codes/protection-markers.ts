export interface ProtectionMarkersCodes {
  'protected-by-reason': { readonly key: string; readonly reason: string };
  'delete-protection': { readonly by: string; readonly key: string; readonly value: string };
  keep: { readonly by: string; readonly key: string; readonly value: string };
  'confirmation-asked': { readonly by: string; readonly key: string; readonly value: string };
  'not-to-be-pruned': { readonly by: string; readonly key: string; readonly value: string };
  'not-to-be-disrupted': { readonly by: string; readonly key: string; readonly value: string };
}
