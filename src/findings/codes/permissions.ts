export interface PermissionsCodes {
  'may-not-get': Readonly<Record<string, never>>;
  'may-not-evict': Readonly<Record<string, never>>;
  'may-not-delete': Readonly<Record<string, never>>;
  'may-not-watch': Readonly<Record<string, never>>;
  'rights-go-along': { readonly binding: string };
}
