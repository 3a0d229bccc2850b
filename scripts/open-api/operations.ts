// The tables of routes as the compiler reads them: `src/api/operations.ts` and that of administration.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type ts from 'typescript';
import { ownProgram } from '../own-program.js';
import { createSchemas, type Schema } from './json-schema.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** One route, as its line in a table says. */
export type Told = {
  id: string;
  summary: string;
  body?: Schema;
  query?: Schema;
  answer?: Schema;
  /** The media type of an answer that is no JSON. */
  text?: string;
  redirects: string[];
  codes: string[];
  /** Needs no sign-in. */
  open: boolean;
};

export type Table = { [route: string]: Told };

/** What the tables say, with the components that they name. */
export type Read = {
  people: Table;
  admin: Table;
  groups: { everywhere: string[]; signedIn: string[]; sent: string[]; administered: string[] };
  problem: Schema;
  components: { [name: string]: Schema };
};

const peopleFile = 'src/api/operations.ts';
const adminFile = 'middleware/admin/admin-operations.ts';

export function readTables(): Read {
  const program = ownProgram([peopleFile, adminFile, 'src/api/refusals.ts', 'src/api/answers.ts']);
  const checker = program.getTypeChecker();
  const { schemaOf, textOf, components } = createSchemas(checker);

  const declared = (file: string, name: string): ts.Type => {
    const source = program.getSourceFile(join(root, file));
    const module = source && checker.getSymbolAtLocation(source);
    const symbol = module && checker.getExportsOfModule(module).find((each) => each.name === name);
    if (!symbol) throw new Error(`${file} exports no ${name}.`);
    return checker.getDeclaredTypeOfSymbol(symbol);
  };
  const wordsIn = (type: ts.Type | undefined): string[] =>
    (type?.isUnion() ? type.types : type ? [type] : []).flatMap((each) => (each.isStringLiteral() ? [each.value] : []));
  const table = (file: string, name: string): Table =>
    Object.fromEntries(
      declared(file, name)
        .getProperties()
        .map((route): [string, Told] => {
          const fields = checker.getTypeOfSymbol(route);
          const typeOf = (field: string) => {
            const symbol = checker.getPropertyOfType(fields, field);
            return symbol && checker.getTypeOfSymbol(symbol);
          };
          const schema = (field: string, named = true) => {
            const type = typeOf(field);
            return type ? { [field]: schemaOf(type, named) } : {};
          };
          const [text] = wordsIn(typeOf('text'));
          return [
            route.name,
            {
              id: wordsIn(typeOf('id'))[0] ?? '',
              summary: textOf(route),
              ...schema('body'),
              ...schema('query', false),
              ...schema('answer'),
              ...(text === undefined ? {} : { text }),
              redirects: wordsIn(typeOf('redirects')),
              codes: wordsIn(typeOf('codes')),
              open: typeOf('open') !== undefined,
            },
          ];
        }),
    );
  const group = (name: string) => wordsIn(declared('src/api/refusals.ts', name));
  return {
    people: table(peopleFile, 'Operations'),
    admin: table(adminFile, 'AdminOperations'),
    groups: {
      everywhere: group('Everywhere'),
      signedIn: group('SignedIn'),
      sent: group('Sent'),
      administered: group('Administered'),
    },
    problem: schemaOf(declared('src/api/answers.ts', 'ProblemAnswer')),
    components,
  };
}
