// Whom the measured process of verifications knows, and what their authenticator apps hold.
export const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
export const people = Array.from({ length: 50 }, (_, number) => `someone-${number}`);
