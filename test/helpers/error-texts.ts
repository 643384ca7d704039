import { relative } from 'node:path';
import ts from 'typescript';
import { entries, inBrowsers } from '../../scripts/entries.mjs';

const root = new URL('../..', import.meta.url).pathname;

/** A text of an error as the source writes it; `{name}` stands for a part that is known when it happens. */
export interface ErrorText {
  readonly text: string;
  /** The classes of the errors that have it. */
  readonly classes: readonly string[];
  /** The files that write it, below `src`. */
  readonly files: readonly string[];
}

/** An error that some code makes. In its texts `{0}` stands for the first parameter of the function around it. */
interface Made {
  readonly className: string;
  readonly texts: readonly string[];
  readonly file: ts.SourceFile;
}

type Callable = ts.SignatureDeclaration | undefined;

const OPEN = /\{(\d+)\}/;
/** Longer choices are listed one by one. */
const SHORT = 60;

/** The texts of all errors that `src` makes, in the order of the alphabet. */
export function errorTexts(): ErrorText[] {
  const program = sourceProgram();
  const collector = new Collector(program.getTypeChecker());
  for (const source of program.getSourceFiles()) {
    if (source.fileName.startsWith(`${root}src/`)) collector.collect(source);
  }
  return collector.texts();
}

function sourceProgram(): ts.Program {
  const config = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config.config, include: [] }, ts.sys, root);
  const files = ['src/cli/main.ts', ...Object.values(entries), ...Object.values(inBrowsers)].map((file) => root + file);
  return ts.createProgram(files, options);
}

class Collector {
  readonly #checker: ts.TypeChecker;
  readonly #found = new Map<string, { classes: Set<string>; files: Set<string> }>();
  readonly #makers = new Map<ts.Node, readonly Made[]>();

  constructor(checker: ts.TypeChecker) {
    this.#checker = checker;
  }

  texts(): ErrorText[] {
    return [...this.#found]
      .map(([text, { classes, files }]) => ({ text, classes: [...classes].sort(), files: [...files].sort() }))
      .sort((a, b) => (a.text < b.text ? -1 : 1));
  }

  collect(node: ts.Node): void {
    // A text with an open part is collected where a caller fills it in.
    for (const made of this.#made(node))
      for (const text of made.texts) if (!OPEN.test(text) && !/^\{[^}]*\}$/.test(text)) this.#add(text, made);
    ts.forEachChild(node, (child) => this.collect(child));
  }

  #add(text: string, { className, file }: Made): void {
    const found = this.#found.get(text) ?? { classes: new Set(), files: new Set() };
    found.classes.add(className);
    found.files.add(relative(`${root}src`, file.fileName));
    this.#found.set(text, found);
  }

  /** The errors that an expression makes: `new SomeError(text)`, or a call of a function that does so. */
  #made(node: ts.Node): readonly Made[] {
    const around = functionAround(node);
    const file = node.getSourceFile();
    if (ts.isNewExpression(node) || isSuperCall(node)) {
      const className = errorClass(node);
      const [message] = node.arguments ?? [];
      if (className === undefined || message === undefined || isTaken(message)) return [];
      const maker = ts.isNewExpression(node) ? this.#constructorOf(node.expression) : undefined;
      const made = this.#madeBy(maker);
      if (made.length === 0) return [{ className, file, texts: this.#textsOf(message, around) }];
      return made.map(({ texts }) => ({
        className,
        file,
        texts: texts.flatMap((text) => this.#filled(text, maker as ts.SignatureDeclaration, node, around)),
      }));
    }
    if (!ts.isCallExpression(node)) return [];
    const maker = this.#declarationOf(node.expression);
    return this.#madeBy(maker).map((made) => {
      const texts = made.texts.flatMap((text) => this.#filled(text, maker as ts.SignatureDeclaration, node, around));
      // A caller that only says the name of something adds no text.
      return {
        ...made,
        texts,
        file: texts.some((text) => /\s\S+\s/.test(text)) && isChanged(made, texts) ? file : made.file,
      };
    });
  }

  /** The errors that a function makes of its parameters. */
  #madeBy(maker: ts.Node | undefined): readonly Made[] {
    if (maker === undefined || !ts.isFunctionLike(maker)) return [];
    const known = this.#makers.get(maker);
    if (known !== undefined) return known;
    this.#makers.set(maker, []);
    const all: Made[] = [];
    const visit = (node: ts.Node): void => {
      if (functionAround(node) === maker) {
        for (const made of this.#made(node)) {
          const texts = made.texts.filter((text) => OPEN.test(text));
          if (texts.length > 0) all.push({ ...made, texts });
        }
      }
      ts.forEachChild(node, visit);
    };
    ts.forEachChild(maker, visit);
    this.#makers.set(maker, all);
    return all;
  }

  /** Puts what a caller gives into the open parts of a text; names stay open, and are called as the parameter is. */
  #filled(
    text: string,
    maker: ts.SignatureDeclaration,
    call: ts.CallExpression | ts.NewExpression,
    around: Callable,
  ): string[] {
    const [open, index] = OPEN.exec(text) ?? [];
    if (open === undefined) return [text];
    const given = call.arguments?.[Number(index)];
    const parameter = maker.parameters[Number(index)];
    const name = parameter === undefined || !ts.isIdentifier(parameter.name) ? '…' : parameter.name.text;
    const parts = given === undefined ? [`{${name}}`] : this.#textsOf(given, around);
    return parts.flatMap((part) => {
      // Parts that are open in turn are set aside, lest they be filled here.
      const filling =
        /\s/.test(part) || part === '' ? part : OPEN.test(part) && part.startsWith('{') ? part : `{${name}}`;
      const [head = '', ...rest] = text.split(open);
      const tails = this.#filled(rest.join(open), maker, call, around);
      return tails.map((tail) => head + filling + tail);
    });
  }

  /** An expression as text; one that chooses gives each choice. */
  #textsOf(node: ts.Expression, around: Callable, depth = 0): string[] {
    if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node))
      return this.#textsOf(node.expression, around, depth);
    if (ts.isStringLiteralLike(node)) return [node.text];
    if (ts.isTemplateExpression(node)) {
      const spans = node.templateSpans.map(({ expression, literal }) =>
        this.#textsOf(expression, around, depth).map((text) => text + literal.text),
      );
      return product([node.head.text], ...spans);
    }
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
      return product(this.#textsOf(node.left, around, depth), this.#textsOf(node.right, around, depth));
    }
    if (ts.isConditionalExpression(node)) return this.#choices(node, around, depth);
    if (ts.isIdentifier(node)) return this.#textsOfName(node, around, depth);
    return [`{${nameOf(node)}}`];
  }

  /** Whole sentences are texts of their own; of what may be left out, the longer text stays; short parts stay together. */
  #choices(node: ts.ConditionalExpression, around: Callable, depth: number): string[] {
    const choices = [node.whenTrue, node.whenFalse].flatMap((choice) => this.#textsOf(choice, around, depth));
    if (node.parent !== undefined && ts.isCallExpression(node.parent)) return choices;
    const open = choices.filter((text) => OPEN.test(text));
    if (open.length > 0) return open;
    return choices.some((text) => text.length > SHORT)
      ? choices.filter((text) => text !== '')
      : [`{${choices.join(' | ')}}`];
  }

  #textsOfName(node: ts.Identifier, around: Callable, depth: number): string[] {
    const declaration = this.#declarationOf(node);
    if (declaration !== undefined && ts.isParameter(declaration) && declaration.parent === around && isNamed(around)) {
      return [`{${around.parameters.indexOf(declaration)}}`];
    }
    const value =
      declaration !== undefined && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
    return value !== undefined && isWritten(value) && depth < 3
      ? this.#textsOf(value, around, depth + 1)
      : [`{${node.text}}`];
  }

  /** Of a class that makes its text of its parameters. */
  #constructorOf(name: ts.Expression): ts.Node | undefined {
    const declaration = this.#declarationOf(name);
    const isOurs = declaration !== undefined && ts.isClassDeclaration(declaration);
    return isOurs ? declaration.members.find(ts.isConstructorDeclaration) : undefined;
  }

  #declarationOf(node: ts.Node): ts.Node | undefined {
    const symbol = this.#checker.getSymbolAtLocation(ts.isPropertyAccessExpression(node) ? node.name : node);
    if (symbol === undefined) return undefined;
    const target = symbol.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol;
    const { valueDeclaration } = target;
    const isArrow =
      valueDeclaration !== undefined && ts.isVariableDeclaration(valueDeclaration) && valueDeclaration.initializer;
    return isArrow && ts.isArrowFunction(isArrow) ? isArrow : valueDeclaration;
  }
}

/** Callbacks are called with what nobody here sees. */
function isNamed(node: ts.SignatureDeclaration): boolean {
  return ts.isArrowFunction(node) || ts.isFunctionExpression(node) ? ts.isVariableDeclaration(node.parent) : true;
}

function isChanged(made: Made, texts: readonly string[]): boolean {
  const fixed = (text: string) => text.replace(/\{[^}]*\}/g, '{}');
  return texts.some((text) => !made.texts.map(fixed).includes(fixed(text)));
}

function product(...parts: readonly (readonly string[])[]): string[] {
  return parts.reduce<string[]>((texts, part) => texts.flatMap((text) => part.map((one) => text + one)), ['']);
}

function isWritten(node: ts.Expression): boolean {
  const isJoined = ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken;
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node) || ts.isConditionalExpression(node) || isJoined;
}

/** `new OtherError(error.message)` says nothing of its own. */
function isTaken(node: ts.Expression): boolean {
  return ts.isPropertyAccessExpression(node) || ts.isCallExpression(node);
}

function isSuperCall(node: ts.Node): node is ts.CallExpression {
  return ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.SuperKeyword;
}

/**
 * Which of our errors it is. Left out are plain Errors, which are causes and reasons that no program of a user gets by
 * themselves, and the TypeErrors of adapters, which say what the platform says.
 */
function errorClass(node: ts.NewExpression | ts.CallExpression): string | undefined {
  let owner: ts.Node | undefined = node;
  while (owner !== undefined && !ts.isClassLike(owner)) owner = owner.parent;
  const name = ts.isNewExpression(node) ? node.expression.getText() : owner?.name?.text;
  if (name === undefined || !/\wError$/.test(name) || /^Aggregate/.test(name)) return undefined;
  return name === 'TypeError' && node.getSourceFile().fileName.includes('/adapters/') ? undefined : name;
}

function functionAround(node: ts.Node): Callable {
  let owner: ts.Node | undefined = node.parent;
  while (owner !== undefined && !ts.isFunctionLike(owner)) owner = owner.parent;
  return owner;
}

/** What a reader may call it: `endpoint` for `response.endpoint`, `describe` for `describe(value)`. */
function nameOf(node: ts.Expression): string {
  if (ts.isIdentifier(node)) return node.text;
  if (ts.isPropertyAccessExpression(node)) return node.name.text.replace('#', '');
  if (ts.isCallExpression(node) || ts.isNonNullExpression(node) || ts.isElementAccessExpression(node)) {
    return nameOf(node.expression);
  }
  return ts.isBinaryExpression(node) ? nameOf(node.left) : '…';
}
