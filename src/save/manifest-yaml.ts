/** YAML that kubectl reads back as it was: it reads YAML 1.1, where `on`, `1_000` and `12:30` are no strings. */
const PLAIN = /^[A-Za-z][A-Za-z0-9./-]*$/u;
const WORDS = /^(?:y|n|yes|no|on|off|true|false|null)$/iu;

export type ManifestYaml = (object: object) => string;

/** The library is loaded by those who save. */
export const manifestYaml = async (): Promise<ManifestYaml> => {
  const { Document, visit } = await import('yaml');
  return (object) => {
    const document = new Document(object, { aliasDuplicateObjects: false, version: '1.1' });
    visit(document, {
      Scalar: (_key, node) => {
        if (typeof node.value !== 'string' || (PLAIN.test(node.value) && !WORDS.test(node.value))) return;
        node.type = 'QUOTE_DOUBLE';
      },
    });
    return document.toString({ lineWidth: 0, directives: false });
  };
};
