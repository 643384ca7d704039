// Counts what an editor cannot explain on hover: exported names and members of their types without a docstring, and optional
// members of options whose docstring names no default. Fails where there is one.
import { relative } from 'node:path';
import ts from 'typescript';
import { entries } from './entries.mjs';

const root = new URL('..', import.meta.url).pathname;
const config = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
const { options } = ts.parseJsonConfigFileContent({ ...config.config, include: [] }, ts.sys, root);
const program = ts.createProgram(
  Object.values(entries).map((file) => root + file),
  options,
);
const checker = program.getTypeChecker();

/** @type {Set<ts.Symbol>} */
const exported = new Set();
/** @type {Set<string>} Which declarations were walked, and in which direction. */
const walked = new Set();
/** @type {Set<ts.Symbol>} */
const counted = new Set();
/** @type {Set<string>} */
const problems = new Set();
let members = 0;

for (const [entry, file] of Object.entries(entries)) {
  const source = program.getSourceFile(root + file);
  const module = source && checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error(`${file} is not a module`);
  for (const symbol of checker.getExportsOfModule(module)) {
    const name = target(symbol);
    if (isInternal(name)) continue;
    exported.add(name);
    if (docstring(name) === '') report(name, `${name.getName()} of ${entry} has no docstring`);
  }
}
for (const symbol of exported) {
  for (const node of symbol.declarations ?? []) walk(node, symbol.getName(), false, true);
}

for (const problem of [...problems].sort()) console.log(problem);
console.log(
  `${exported.size} exported names and ${members} members, ${problems.size} without a docstring or a default`,
);
if (problems.size > 0) process.exitCode = 1;

/**
 * Checks the members that a declaration lists, and goes on to the types that it names.
 *
 * @param {ts.Node | undefined} node
 * @param {string} owner
 * @param {boolean} given - Is it what a caller gives, such as options? Otherwise it is what a caller gets.
 * @param {boolean} isOutside - Types that are not exported count where an exported one extends them or a function takes
 *   them, not where a member has them.
 */
function walk(node, owner, given, isOutside) {
  if (node === undefined || !isOurs(node)) return;
  const isMember = isNamedMember(node);
  if (isMember && !checkMember(node, owner, given)) return;
  const isOuter = isOutside && !isMember;
  // The docstring of a member explains an object that it describes in place.
  if (!isOutside && ts.isTypeLiteralNode(node) && !isOptions(owner)) return;
  if (ts.isFunctionLike(node)) {
    for (const parameter of node.parameters) walk(parameter.type, owner, !given, isOuter);
    walk(node.type, owner, given, isOuter);
    return;
  }
  if (ts.isTypeReferenceNode(node) && /^Ex(?:tract|clude)$/.test(node.typeName.getText())) return;
  if (ts.isTypeReferenceNode(node)) walkNamed(node.typeName, given, isOutside);
  if (ts.isExpressionWithTypeArguments(node)) walkNamed(node.expression, given, isOutside);
  // What a class gives its base class as type arguments is its own affair.
  if (ts.isHeritageClause(node) && ts.isClassDeclaration(node.parent)) {
    for (const { expression } of node.types) walkNamed(expression, given, isOutside);
    return;
  }
  if (ts.isVariableDeclaration(node) || ts.isPropertyDeclaration(node)) walk(node.type, owner, given, isOuter);
  else ts.forEachChild(node, (child) => walk(child, owner, given, isOuter));
}

/**
 * @param {ts.Node} name
 * @param {boolean} given
 * @param {boolean} isOutside
 */
function walkNamed(name, given, isOutside) {
  const symbol = checker.getSymbolAtLocation(name);
  if (symbol === undefined) return;
  const type = target(symbol);
  if (!isOutside && !exported.has(type)) return;
  for (const [index, node] of (type.declarations ?? []).entries()) {
    const key = `${place(node)} ${index} ${given}`;
    if (ts.isTypeParameterDeclaration(node) || walked.has(key)) continue;
    walked.add(key);
    walk(node, type.getName(), given, true);
  }
}

/**
 * @param {ts.PropertySignature | ts.PropertyDeclaration | ts.MethodSignature | ts.MethodDeclaration | ts.AccessorDeclaration} node
 * @param {string} owner
 * @param {boolean} given
 * @returns {boolean} Whether a caller sees it.
 */
function checkMember(node, owner, given) {
  const symbol = checker.getSymbolAtLocation(node.name);
  if (symbol === undefined || isHidden(node)) return false;
  const text = docstring(symbol);
  const isNew = !counted.has(symbol);
  if (isNew) {
    counted.add(symbol);
    members += 1;
  }
  const name = `${owner}.${symbol.getName()}`;
  if (text === '') report(symbol, `${name} has no docstring`);
  else if (given && isOptions(owner) && isOptional(node) && !/\bDefault:\s/.test(text)) {
    report(symbol, `${name} names no default`);
  }
  return true;
}

/**
 * @param {ts.Node} node
 * @returns {node is ts.PropertySignature | ts.PropertyDeclaration | ts.MethodSignature | ts.MethodDeclaration | ts.AccessorDeclaration}
 */
function isNamedMember(node) {
  return (
    ts.isPropertySignature(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isMethodSignature(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isAccessor(node)
  );
}

/**
 * Private, named by a symbol, `@internal`, or there only to exclude an option: `header?: never`.
 *
 * @param {ts.NamedDeclaration} node
 */
function isHidden(node) {
  const flags = ts.getCombinedModifierFlags(/** @type {ts.Declaration} */ (node));
  const type = /** @type {ts.PropertySignature} */ (node).type;
  return (
    (flags & ts.ModifierFlags.Private) !== 0 ||
    (node.name !== undefined && ts.isPrivateIdentifier(node.name)) ||
    node.name?.kind === ts.SyntaxKind.ComputedPropertyName ||
    type?.kind === ts.SyntaxKind.NeverKeyword ||
    ts.getJSDocTags(node).some((tag) => tag.tagName.text === 'internal')
  );
}

/** @param {ts.Symbol} symbol */
function isInternal(symbol) {
  return symbol.getJsDocTags(checker).some((tag) => tag.name === 'internal');
}

/** @param {string} owner */
function isOptions(owner) {
  return /Options|Fields|Init$/.test(owner);
}

/** @param {ts.Node} node */
function isOptional(node) {
  return (ts.isPropertySignature(node) || ts.isMethodSignature(node)) && node.questionToken !== undefined;
}

/** @param {ts.Node} node */
function isOurs(node) {
  return node.getSourceFile().fileName.startsWith(`${root}src/`);
}

/** @param {ts.Symbol} symbol */
function docstring(symbol) {
  return ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim();
}

/** @param {ts.Symbol} symbol */
function target(symbol) {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** @param {ts.Node} node */
function place(node) {
  const source = node.getSourceFile();
  const { line } = source.getLineAndCharacterOfPosition(node.getStart());
  return `${relative(root, source.fileName)}:${String(line + 1).padStart(3, '0')}`;
}

/**
 * @param {ts.Symbol} symbol
 * @param {string} problem
 */
function report(symbol, problem) {
  const node = symbol.declarations?.[0];
  problems.add(`${node === undefined ? '' : place(node)} ${problem}`);
}
