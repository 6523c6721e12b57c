export interface AccessCodes {
  'your-access-ends': { readonly user: string; readonly role: string | null };
  'pods-lose-access': {
    readonly accounts: readonly { readonly namespace: string; readonly name: string; readonly pods: number }[];
    /** A group of all accounts or users: every pod with a token. */
    readonly everyone: string | null;
    readonly roles: readonly string[];
  };
  'token-ends': { readonly account: string; /** A day, as the API server notes it. */ readonly lastUsed: string | null; readonly mine: boolean };
  'account-is-bound': { readonly bindings: readonly string[] };
  'access-of-others': { readonly subjects: readonly string[]; readonly roles: readonly string[] };
  'token-is-dead': Readonly<Record<string, never>>;
}
