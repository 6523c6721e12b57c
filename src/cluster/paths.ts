import type { ListOptions, LogOptions, ResourcePath, WatchOptions } from './port.ts';

type Parameter = readonly [name: string, value: string | number | boolean | undefined];

/** Half of a pair, which only a server that plays tricks sends, has no UTF-8. */
const encoded = (text: string): string => encodeURIComponent(text.replaceAll(/\p{Cs}/gu, '\ufffd'));

const query = (parameters: readonly Parameter[]): string => {
  const set = parameters.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encoded(String(value))}`]));
  return set.length === 0 ? '' : `?${set.join('&')}`;
};

/** The path of a resource as the API server routes it (apiserver endpoints/installer.go). Names keep their case. */
export const pathOf = (at: ResourcePath): string => {
  const root = at.group === '' ? ['api', at.version] : ['apis', at.group, at.version];
  const scope = at.namespace === null ? [] : ['namespaces', at.namespace];
  const rest = [at.resource, ...(at.name === null ? [] : [at.name]), ...(at.subresource === undefined ? [] : at.subresource.split('/'))];
  return [...root, ...scope, ...rest].map((part) => `/${encoded(part)}`).join('');
};

export const listPath = (at: ResourcePath, options: ListOptions): string =>
  pathOf(at) +
  query([
    ['labelSelector', options.labelSelector],
    ['fieldSelector', options.fieldSelector],
    ['limit', options.limit],
    ['continue', options.continue],
    ['resourceVersion', options.resourceVersion],
  ]);

/** A path with a name becomes a watch of the collection with a field selector, as client-go's ListWatch for one object. */
export const watchPath = (at: ResourcePath, options: WatchOptions): string => {
  const byName = at.name === null ? undefined : `metadata.name=${at.name}`;
  const fields = [byName, options.fieldSelector].filter((selector) => selector !== undefined).join(',');
  return (
    pathOf({ ...at, name: null }) +
    query([
      ['watch', true],
      ['allowWatchBookmarks', true],
      ['labelSelector', options.labelSelector],
      ['fieldSelector', fields === '' ? undefined : fields],
      ['resourceVersion', options.resourceVersion],
      ['timeoutSeconds', options.timeoutSeconds],
    ])
  );
};

export const logPath = (at: ResourcePath, options: LogOptions): string =>
  pathOf({ ...at, subresource: 'log' }) +
  query([
    ['container', options.container],
    ['follow', options.follow ? true : undefined],
    ['previous', options.previous],
    ['tailLines', options.tailLines],
    ['sinceSeconds', options.sinceSeconds],
    ['sinceTime', options.sinceTime],
    ['timestamps', options.timestamps],
  ]);
