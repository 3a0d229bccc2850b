// The JSON that goes between site and browser (WebAuthn L3 §5.1.8–§5.1.10), as far as an authenticator needs it.

type Descriptor = { id: string };

export type CreationOptionsJSON = {
  challenge: string;
  rp: { id?: string };
  user: { id: string };
  pubKeyCredParams: readonly { alg: number }[];
  excludeCredentials?: readonly Descriptor[];
};

export type RequestOptionsJSON = {
  challenge: string;
  rpId?: string;
  allowCredentials?: readonly Descriptor[];
};

type Credential<Response> = {
  id: string;
  rawId: string;
  type: 'public-key';
  authenticatorAttachment: 'platform' | 'cross-platform';
  clientExtensionResults: { [extension: string]: never };
  response: Response;
};

/** What `PublicKeyCredential.toJSON()` gives after `navigator.credentials.create()`. */
export type RegistrationResponseJSON = Credential<{
  clientDataJSON: string;
  attestationObject: string;
  transports: string[];
}>;

/** What `PublicKeyCredential.toJSON()` gives after `navigator.credentials.get()`. */
export type AuthenticationResponseJSON = Credential<{
  clientDataJSON: string;
  authenticatorData: string;
  signature: string;
  userHandle?: string;
}>;
