import ts from 'typescript';
import { describe, expect, it, vi } from 'vitest';
import { type AuthenticatorClass, addAuth, registeredAuthenticators } from '../../../src/builders/registry.ts';
import { ConfigurationError } from '../../../src/errors.ts';
import { Authenticator } from '../../../src/lifecycle/contract.ts';

let classes = 0;

/** A class of its own for each test: the registry is the process's. */
function authClass(name = `AuthRegistry${++classes}`) {
  return class AuthMade extends Authenticator<string> {
    static override getName() {
      return name;
    }
    static getDesc() {
      return 'made for a test';
    }
    static build() {
      return new AuthMade();
    }
    authenticate() {
      return 'key';
    }
    modifyRequest() {}
  };
}

describe('addAuth', () => {
  it('registers a class under its name, and gives it back', () => {
    const made = authClass();
    expect(addAuth(made)).toBe(made);
    expect(registeredAuthenticators().get(made.getName())).toBe(made);
  });

  it('may be told the same twice', () => {
    const made = authClass();
    addAuth(made);
    expect(() => addAuth(made)).not.toThrow();
  });

  it('refuses a name that another class has', () => {
    const made = addAuth(authClass());
    const other = authClass(made.getName());
    expect(() => addAuth(other)).toThrow(ConfigurationError);
    expect(() => addAuth(other)).toThrow(made.getName());
    expect(registeredAuthenticators().get(made.getName())).toBe(made);
  });

  it('is known to all copies of the package in the process', async () => {
    vi.resetModules();
    const copy = await import('../../../src/builders/index.ts');
    expect(copy.addAuth).not.toBe(addAuth);
    const [made, theirs] = [addAuth(authClass()), copy.addAuth(authClass())];
    expect(copy.knownAuthenticators().get(made.getName())).toBe(made);
    expect(copy.buildAuthenticator({ authType: made.getName() })).toBeInstanceOf(made);
    expect(registeredAuthenticators().get(theirs.getName())).toBe(theirs);
  });

  it('prefers the class that this copy was told of, and takes that of a module that is loaded anew', async () => {
    vi.resetModules();
    const copy = await import('../../../src/builders/index.ts');
    const made = addAuth(authClass());
    const again = copy.addAuth(authClass(made.getName()));
    expect(copy.knownAuthenticators().get(made.getName())).toBe(again);
    expect(registeredAuthenticators().get(made.getName())).toBe(made);
  });

  it.each([undefined, null, {}, class {}, { getName: () => 'AuthHalf' }, { build() {} }])('refuses %o', (target) => {
    expect(() => addAuth(target as never)).toThrow(ConfigurationError);
    expect(registeredAuthenticators().has('AuthHalf')).toBe(false);
  });

  it('works as a decorator by hand', () => {
    const made = authClass();
    const context = {
      kind: 'class',
      name: 'AuthMade',
      addInitializer() {},
      metadata: {},
    } as unknown as ClassDecoratorContext;
    expect(addAuth(made, context)).toBe(made);
    expect(registeredAuthenticators().get(made.getName())).toBe(made);
  });

  it.each([
    ['standard decorators', {}],
    ['the experimental ones', { experimentalDecorators: true }],
  ])("works with TypeScript's %s", (_name, options) => {
    const name = `AuthDecorated${++classes}`;
    const decorated = compile(name, options);
    expect(registeredAuthenticators().get(name)).toBe(decorated);
    expect(decorated.build({} as never).getName()).toBe(name);
  });
});

it('nothing is registered that was not asked for', () => {
  expect([...registeredAuthenticators().keys()].filter((name) => !/^Auth(Registry|Decorated)\d+$/.test(name))).toEqual(
    [],
  );
});

/** A decorated class as its author's compiler makes it: type stripping and the test runner know no decorators. */
function compile(name: string, options: ts.CompilerOptions): AuthenticatorClass {
  const source = `@addAuth class ${name} extends Authenticator {
    static getName() { return '${name}'; }
    static getDesc() { return 'decorated'; }
    static build() { return new ${name}(); }
    authenticate() { return 'key'; }
    modifyRequest() {}
  }`;
  const { outputText, diagnostics } = ts.transpileModule(source, {
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022, ...options },
  });
  expect(diagnostics).toEqual([]);
  expect(outputText).not.toContain('@addAuth');
  const evaluate = new Function('addAuth', 'Authenticator', `${outputText}\nreturn ${name};`);
  return evaluate(addAuth, Authenticator) as AuthenticatorClass;
}
