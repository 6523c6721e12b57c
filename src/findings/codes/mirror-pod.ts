export interface MirrorPodCodes {
  'static-pod': { readonly node: string; readonly source: string | null };
}
