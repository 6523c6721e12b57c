export interface ConnectionError {
  readonly code: 'kubeconfig' | 'context-not-found' | 'cluster-not-found' | 'user-not-found' | 'no-cluster' | 'credentials' | 'certificate' | 'flags';
  /** One sentence, in kubectl's own words where kubectl has them. */
  readonly message: string;
  readonly remedy: string | null;
}
