// Marks what a module computes while it loads as free of side effects. What entries share is one file, of which a bundler
// keeps every statement that might do something: without the marks, the smallest program would carry the shapes of all
// options, and with them all that they name.
import { parseAst } from 'rolldown/parseAst';

/** What a bundler has to take for a side effect: calls, what may run a getter, and sums, which may convert an object. */
const ACTS = /^(?:(?:Call|New|Member|Chain|TaggedTemplate|Binary|Import)Expression|TemplateLiteral|SpreadElement)$/;
const LATER = /Function/;

/** @type {import('rolldown').Plugin} */
export const droppable = {
  name: 'droppable',
  renderChunk(code) {
    const declarations = parseAst(code).body.flatMap((statement) =>
      statement.type === 'VariableDeclaration' && statement.kind !== 'let' ? statement.declarations : [],
    );
    let marked = code;
    for (const { id, init } of declarations.reverse()) {
      if (id.type !== 'Identifier' || !init || !acts(init)) continue;
      const value = code.slice(init.start, init.end);
      const isClass = init.type === 'ClassExpression';
      if (!isClass && /\bawait\b/.test(value)) continue;
      // Its name would be that of the variable.
      const named = isClass && !init.id ? value.replace('class', `class ${id.name}`) : value;
      const mark = `/* @__PURE__ */ (() => (${named}))()`;
      marked = marked.slice(0, init.start) + mark + marked.slice(init.end);
    }
    return marked;
  },
};

/**
 * Does evaluating this do more than naming values?
 *
 * @param {any} node
 * @returns {boolean}
 */
function acts(node) {
  if (Array.isArray(node)) return node.some(acts);
  if (typeof node?.type !== 'string' || LATER.test(node.type)) return false;
  if (node.type === 'ClassExpression')
    return node.body.body.some((/** @type {any} */ { computed, key }) => computed && key.type === 'Identifier');
  if (node.type === 'Property' && node.computed) return true;
  if (node.type === 'TemplateLiteral' && node.expressions.length === 0) return false;
  return ACTS.test(node.type) || Object.values(node).some(acts);
}
