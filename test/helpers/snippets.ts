/** The TypeScript snippets of Markdown pages, as files that are type-checked and run. */

import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Snippet {
  readonly page: string;
  /** Where it begins. */
  readonly line: number;
  /** What follows `ts` in the fence: `runnable`, `asserts`, or nothing. */
  readonly kind: string;
  readonly file: string;
  readonly code: string;
}

/** All blocks of a page that are fenced as `ts`. One that begins with a comment such as `// auth.ts` has that name. */
export function findSnippets(page: string, markdown: string): Snippet[] {
  return [...markdown.matchAll(/^```ts(?: (\w+))?\n(.*?)^```$/gms)].map(({ index, 1: kind = '', 2: code = '' }) => {
    const line = markdown.slice(0, index).split('\n').length;
    const name = /^\/\/ (\w[\w-]*\.ts)\b/.exec(code)?.[1] ?? `line-${line}.ts`;
    return { page, line, kind, file: join(folderOf(page), name), code };
  });
}

/** `docs/oauth/dpop.md`: `docs-oauth-dpop`. */
function folderOf(page: string): string {
  return page.replace(/\.md$/, '').replace(/\W/g, '-');
}

/**
 * A folder with one file for each snippet, in the repository, so that the snippets find what it has installed. What
 * `snippets/` has for a page, such as generated code that a snippet imports, lies next to its snippets.
 */
export class SnippetProject {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** @param localize - Puts servers on loopback where a snippet names example.com. */
  static async create(
    name: string,
    snippets: readonly Snippet[],
    localize: (snippet: Snippet) => string,
  ): Promise<SnippetProject> {
    const folder = await mkdtemp(join(root, `.${name}-`));
    const project = new SnippetProject(folder);
    await cp(new URL('snippets', import.meta.url), folder, { recursive: true });
    const files = ['stand-ins.d.ts', ...snippets.map(({ file }) => file)];
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ extends: '../tsconfig.json', files, include: [] }));
    for (const snippet of snippets) {
      const file = join(folder, snippet.file);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, `${localize(snippet)}\nexport {};\n`);
    }
    return project;
  }

  /** Loads the module of a snippet, which runs it. */
  run({ file }: Pick<Snippet, 'file'>): Promise<Record<string, unknown>> {
    return import(/* @vite-ignore */ join(this.#folder, file));
  }

  /** What the compiler says of all snippets together; each line names the line where its snippet begins. */
  typeErrors(): Promise<string> {
    const tsc = join(root, 'node_modules/.bin/tsc');
    return new Promise((resolve) => {
      execFile(tsc, ['--pretty', 'false'], { cwd: this.#folder }, (error, out) =>
        resolve(error ? out || error.message : ''),
      );
    });
  }

  remove(): Promise<void> {
    return rm(this.#folder, { recursive: true });
  }
}
