// The systems that people can be moved from, by name.
import { betterAuth } from './better-auth.js';
import type { Importer } from './importer.js';
import { keycloak } from './keycloak.js';
import { ownColumns, simpleWebAuthn } from './own-columns.js';

export const importers: readonly Importer[] = [ownColumns, simpleWebAuthn, betterAuth, keycloak];
