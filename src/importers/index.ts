// The systems that people can be moved from, by name.
import { auth0 } from './auth0.js';
import { betterAuth } from './better-auth.js';
import { deviseTwoFactor } from './devise-two-factor.js';
import { djangoAllauth } from './django-allauth.js';
import type { Importer } from './importer.js';
import { keycloak } from './keycloak.js';
import { logto } from './logto.js';
import { okta } from './okta.js';
import { ownColumns, simpleWebAuthn } from './own-columns.js';
import { rodauth } from './rodauth.js';

export const importers: readonly Importer[] = [
  ownColumns,
  simpleWebAuthn,
  betterAuth,
  keycloak,
  djangoAllauth,
  logto,
  auth0,
  okta,
  deviseTwoFactor,
  rodauth,
];
