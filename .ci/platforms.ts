// The platforms of a release, and the executable of Bun that each is made from.

export interface Platform {
  /** As Go, krew and the names of the archives say it. */
  readonly os: 'linux' | 'darwin' | 'windows';
  readonly arch: 'amd64' | 'arm64';
  /** Package of the npm registry that holds bun for it. */
  readonly package: string;
  readonly integrity: string;
  /** What bun calls it. */
  readonly target: string;
}

/**
 * 1.4.2 on purpose: the executables of 1.4.4 and 1.4.5 are 40 % larger (54 MB as an archive), those before 1.4.1 start in twice the
 * time. docs/runtime.md has the figures.
 */
export const bunVersion = '1.4.2';

/** The baseline builds: the others need AVX2, and end with an illegal instruction where there is none. */
export const platforms: readonly Platform[] = [
  {
    os: 'linux',
    arch: 'amd64',
    package: '@oven/bun-linux-x64-baseline',
    integrity: 'sha512-OKKzX/SOVIUVARCzTg+2r4Rcc4fPyWnQmBsd3K08buxeu7DAof4iwW9zSb6Lt1NhTCu4Uhi8k9UeI6f7GEE4Zg==',
    target: 'bun-linux-x64-baseline',
  },
  {
    os: 'linux',
    arch: 'arm64',
    package: '@oven/bun-linux-aarch64',
    integrity: 'sha512-3BBP9ovJ2RGHFH6Ae1CAtxNtG1+YY6GD6rmYbsUosoAk9+OEl6zeDQ/k4fBkc6dYOJCtWnx8hUxzNzQATSmvYQ==',
    target: 'bun-linux-arm64',
  },
  {
    os: 'darwin',
    arch: 'amd64',
    package: '@oven/bun-darwin-x64-baseline',
    integrity: 'sha512-lVDbk/HkN+RP8QKXBe0aou7EifA2PC9+Z4cvy2VDpmR1ONdDm8e2h/HsU7ABq7mvVs/76iq5H86nMvAhwJDadQ==',
    target: 'bun-darwin-x64-baseline',
  },
  {
    os: 'darwin',
    arch: 'arm64',
    package: '@oven/bun-darwin-aarch64',
    integrity: 'sha512-MXdZkP1featqxZ+/VTXWG1BVjM4OGBehVY2Q88EeUj/7L0UMeCGItmyPYTN+wxvlGJ6F66JEtzsw+GvQWewnag==',
    target: 'bun-darwin-arm64',
  },
  {
    os: 'windows',
    arch: 'amd64',
    package: '@oven/bun-windows-x64-baseline',
    integrity: 'sha512-lq82LqVjSXAx9gNUcibCdfQdtrelh86FxQqlhpOdiV4SZQAP8HHUxWhnfbjx2fqz+jzglwBvjmlEs7xFyONBZw==',
    target: 'bun-windows-x64-baseline',
  },
  {
    os: 'windows',
    arch: 'arm64',
    package: '@oven/bun-windows-aarch64',
    integrity: 'sha512-8EJ1ST7339WJE3poPW5nBgVW/lWf9HBz4W27ZUNhburKmcBLOByPyE6DP9fHD8FQGm5c+ilUN2hX1mrW0jxq9Q==',
    target: 'bun-windows-arm64',
  },
];

export const platformNamed = (name: string): Platform => {
  const found = platforms.find(({ os, arch }) => `${os}_${arch}` === name);
  if (found === undefined) throw new Error(`"${name}" is none of the platforms ${platforms.map(({ os, arch }) => `${os}_${arch}`).join(', ')}`);
  return found;
};

/** kubectl turns the dash of `safe-delete` into an underscore; under any other name it does not find the plugin. */
export const executableName = ({ os }: Pick<Platform, 'os'>): string => (os === 'windows' ? 'kubectl-safe_delete.exe' : 'kubectl-safe_delete');

export const archiveName = ({ os, arch }: Pick<Platform, 'os' | 'arch'>): string => `safe-delete_${os}_${arch}.${os === 'windows' ? 'zip' : 'tar.gz'}`;
