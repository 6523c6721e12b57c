import type { ConnectionError } from './connection-error.ts';
import type { Cluster, ExecConfig, User } from './kubeconfig.ts';

export interface Flaw {
  readonly code: ConnectionError['code'];
  readonly message: string;
}

const flaw = (code: ConnectionError['code'], message: string): Flaw => ({ code, message });

/** The scheme of a proxy-url as Go's url.Parse sees it; null when it cannot be parsed. */
const proxyFlaw = (proxyUrl: string, name: string): Flaw | null => {
  if (proxyUrl === '') return null;
  const shown = JSON.stringify(proxyUrl.replace(/\/\/[^/@]*@/u, '//'));
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/u.exec(proxyUrl)?.[1]?.toLowerCase() ?? '';
  if (scheme === 'http' || scheme === 'https' || scheme === 'socks5') return null;
  return flaw('kubeconfig', `invalid 'proxy-url' ${shown} for cluster ${JSON.stringify(name)}: unsupported scheme ${JSON.stringify(scheme)}, must be http, https, or socks5`);
};

/** client-go tools/clientcmd/validation.go validateClusterInfo, without the reading of files. */
export const clusterErrors = (name: string, cluster: Cluster): readonly Flaw[] => {
  const flaws: (Flaw | null)[] = [
    proxyFlaw(cluster.proxyUrl, name),
    cluster.certificateAuthority !== '' && cluster.certificateAuthorityData !== ''
      ? flaw('certificate', `certificate-authority-data and certificate-authority are both specified for ${name}. certificate-authority-data will override.`)
      : null,
  ];
  return flaws.filter((entry) => entry !== null);
};

const execErrors = (name: string, exec: ExecConfig, withProvider: boolean): readonly Flaw[] => {
  const flaws: Flaw[] = [];
  if (withProvider) flaws.push(flaw('credentials', `authProvider cannot be provided in combination with an exec plugin for ${name}`));
  if (exec.command === '') flaws.push(flaw('credentials', `command must be specified for ${name} to use exec authentication plugin`));
  if (exec.apiVersion === '') flaws.push(flaw('credentials', `apiVersion must be specified for ${name} to use exec authentication plugin`));
  if (exec.env.some((entry) => entry.name === '')) flaws.push(flaw('credentials', `env variable name must be specified for ${name} to use exec authentication plugin`));
  if (exec.interactiveMode === '') flaws.push(flaw('credentials', `interactiveMode must be specified for ${name} to use exec authentication plugin`));
  else if (!['Never', 'IfAvailable', 'Always'].includes(exec.interactiveMode)) flaws.push(flaw('credentials', `invalid interactiveMode for ${name}: ${JSON.stringify(exec.interactiveMode)}`));
  return flaws;
};

const certificateErrors = (name: string, user: User): readonly Flaw[] => {
  if (user.clientCertificate === '' && user.clientCertificateData === '') return [];
  const flaws: Flaw[] = [];
  if (user.clientCertificate !== '' && user.clientCertificateData !== '') flaws.push(flaw('certificate', `client-cert-data and client-cert are both specified for ${name}. client-cert-data will override.`));
  if (user.clientKey !== '' && user.clientKeyData !== '') flaws.push(flaw('certificate', `client-key-data and client-key are both specified for ${name}; client-key-data will override`));
  if (user.clientKey === '' && user.clientKeyData === '') flaws.push(flaw('certificate', `client-key-data or client-key must be specified for ${name} to use the clientCert authentication method.`));
  return flaws;
};

/** client-go tools/clientcmd/validation.go validateAuthInfo, without the reading of files. */
export const userErrors = (name: string, user: User): readonly Flaw[] => {
  const methods = [...(user.token === '' ? [] : ['token']), ...(user.username === '' && user.password === '' ? [] : ['basicAuth'])];
  const extras = user.asUid !== '' || user.asGroups.length > 0 || Object.keys(user.asUserExtra).length > 0;
  return [
    ...certificateErrors(name, user),
    ...(user.exec === null ? [] : execErrors(name, user.exec, user.authProvider !== null)),
    ...(methods.length > 1 ? [flaw('credentials', `more than one authentication method found for ${name}; found [${methods.join(' ')}], only one is allowed`)] : []),
    ...(extras && user.as === '' ? [flaw('flags', `requesting uid, groups or user-extra for ${name} without impersonating a user`)] : []),
  ];
};
