// The standards that an app may be held to, by the names of their presets, from the least to the most that they ask of one kind.

export const presets = ['nist-aal2', 'nist-aal3', 'asvs-l2', 'asvs-l3', 'pci'] as const;

/**
 * A standard whose demands on the options are known; what each demands stands in `docs/compliance.md`.
 *
 * @useDeclaredType
 */
export type Preset = (typeof presets)[number];

export const presetTitles: { readonly [name in Preset]: string } = {
  'nist-aal2': 'NIST SP 800-63B-4, AAL2',
  'nist-aal3': 'NIST SP 800-63B-4, AAL3',
  'asvs-l2': 'OWASP ASVS 5.0, level 2',
  'asvs-l3': 'OWASP ASVS 5.0, level 3',
  pci: 'PCI DSS 4.0.1',
};
