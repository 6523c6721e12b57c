/** All facts by id. A check names the ones it needs and sees no others. */
import { access } from './access.ts';
import { admission } from './admission.ts';
import { budgets } from './budgets.ts';
import { claims } from './claims.ts';
import { contents } from './contents.ts';
import { daemonRevision } from './daemon-revision.ts';
import { dependents } from './dependents.ts';
import { ephemeral } from './ephemeral.ts';
import { accountUse } from './account-use.ts';
import { admissionSetup } from './admission-setup.ts';
import { classUse } from './class-use.ts';
import { roleBindings } from './role-bindings.ts';
import { apiBackend, exposure } from './exposure.ts';
import type { Given } from './fact.ts';
import { finalizers } from './finalizers.ts';
import { gitops } from './gitops.ts';
import { instances } from './instances.ts';
import { members } from './members.ts';
import { networkPolicy } from './network-policy.ts';
import { node } from './node.ts';
import { nodeContents } from './node-contents.ts';
import { owners } from './owners.ts';
import { services } from './services.ts';
import { site } from './site.ts';
import { snapshotContent } from './snapshot-content.ts';
import { storage } from './storage.ts';
import { users } from './users.ts';
import type { Target } from '../model/target.ts';
import type { Seen } from './want.ts';

export const facts = {
  owners,
  members,
  claims,
  storage,
  users,
  node,
  budgets,
  services,
  daemonRevision,
  dependents,
  ephemeral,
  gitops,
  finalizers,
  access,
  admission,
  site,
  networkPolicy,
  nodeContents,
  contents,
  instances,
  exposure,
  apiBackend,
  admissionSetup,
  roleBindings,
  classUse,
  accountUse,
  snapshotContent,
} as const;

export type FactId = keyof typeof facts;
export type Views = { readonly [F in FactId]: ReturnType<(typeof facts)[F]['view']> };

/** What checks see of one target: every fact's view of it. */
export const viewsOf = (target: Target, given: Given, seen: Seen): Views =>
  // Object.fromEntries forgets which key has which type.
  Object.fromEntries(Object.entries(facts).map(([id, fact]) => [id, fact.view(target, given, seen)])) as unknown as Views;
