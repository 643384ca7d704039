import ts from 'typescript';
import { entries } from '../../scripts/entries.mjs';

const root = new URL('../..', import.meta.url).pathname;

/** TypeScript's view of the entry points. */
export function entryProgram(): ts.Program {
  const config = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config.config, include: [] }, ts.sys, root);
  return ts.createProgram(
    Object.values(entries).map((file) => root + file),
    options,
  );
}

/** The names of all exported functions and classes that take an object with named properties of ours. */
export function takersOfOptions(program: ts.Program): string[] {
  const checker = program.getTypeChecker();
  const names = new Set<string>();
  for (const file of Object.values(entries)) {
    const source = program.getSourceFile(root + file);
    const module = source && checker.getSymbolAtLocation(source);
    for (const symbol of module === undefined ? [] : checker.getExportsOfModule(module)) {
      if (takesOptions(checker, symbol)) names.add(symbol.getName());
    }
  }
  return [...names].sort();
}

function takesOptions(checker: ts.TypeChecker, exported: ts.Symbol): boolean {
  const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
  const { valueDeclaration } = symbol;
  if (valueDeclaration === undefined) return false;
  const type = checker.getTypeOfSymbolAtLocation(symbol, valueDeclaration);
  return [...type.getCallSignatures(), ...type.getConstructSignatures()].some((signature) =>
    signature.getParameters().some((parameter) => {
      const { valueDeclaration: node = valueDeclaration } = parameter;
      return isOptions(checker.getNonNullableType(checker.getTypeOfSymbolAtLocation(parameter, node)));
    }),
  );
}

/** An object of which a part may be left out, written down in our source. */
function isOptions(type: ts.Type): boolean {
  if (type.isUnion()) return type.types.some(isOptions);
  return type.getProperties().some((property) => {
    const file = property.declarations?.[0]?.getSourceFile().fileName;
    return (property.flags & ts.SymbolFlags.Optional) !== 0 && file?.startsWith(`${root}src/`) === true;
  });
}
