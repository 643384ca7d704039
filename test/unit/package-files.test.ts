import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
let packed: string[];

beforeAll(async () => {
  const command = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const { stdout } = await promisify(execFile)('npm', command, { cwd: root });
  packed = filesOf(JSON.parse(stdout));
});

describe('the packed package', () => {
  it('has no dead relative link in a page, and no link to a section that is not there', async () => {
    const pages = packed.filter((file) => file.endsWith('.md'));
    const links = (await Promise.all(pages.map(linksOf))).flat();
    const anchors = new Map(await Promise.all(pages.map(async (page) => [page, await anchorsOf(page)] as const)));

    expect(links.length).toBeGreaterThan(100);
    expect(links.filter(({ target }) => !packed.includes(target))).toEqual([]);
    const toSections = links.filter(({ anchor }) => anchor !== '');
    expect(toSections.length).toBeGreaterThan(20);
    expect(toSections.filter(({ target, anchor }) => !anchors.get(target)?.has(anchor))).toEqual([]);
  });

  it('has a way from the README to every page', async () => {
    const reached = new Set(['README.md']);
    for (const page of reached) {
      for (const { target } of page.endsWith('.md') ? await linksOf(page) : []) reached.add(target);
    }
    expect(packed.filter((file) => file.startsWith('docs/') && !reached.has(file))).toEqual([]);
  });

  it('names no other host for what a page shows', async () => {
    const pages = packed.filter((file) => file.endsWith('.md'));
    const pictures = (await Promise.all(pages.map(linksOf))).flat().filter(({ isPicture }) => isPicture);
    expect(pictures.map(({ target }) => target).sort()).toEqual(packed.filter((file) => file.endsWith('.svg')).sort());
  });

  it('has the pages that a user looks for', () => {
    expect(packed).toEqual(expect.arrayContaining(['README.md', 'LICENSE', 'SECURITY.md', 'CHANGELOG.md']));
  });

  it('has no source map: the code in it is readable', () => {
    expect(packed.filter((file) => file.endsWith('.map'))).toEqual([]);
  });
});

/** npm 11 prints a list of packages, npm 12 an object of them by name. */
function filesOf(report: object): string[] {
  return Object.values(report).flatMap(({ files }: { files: { path: string }[] }) => files.map(({ path }) => path));
}

interface Link {
  readonly page: string;
  readonly target: string;
  readonly anchor: string;
  readonly isPicture: boolean;
}

/** The relative links of a page, and all its pictures. */
async function linksOf(page: string): Promise<Link[]> {
  const prose = (await proseOf(page)).replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/(!?)\[[^\]]*\]\(([^)\s]+)\)/g)]
    .map(([, mark, address = '']) => ({ isPicture: mark === '!', address }))
    .filter(({ isPicture, address }) => isPicture || !/^[a-z][a-z+.-]*:/.test(address))
    .map(({ isPicture, address }) => {
      const [path = '', anchor = ''] = address.split('#');
      return { page, target: path === '' ? page : normalize(join(dirname(page), path)), anchor, isPicture };
    });
}

/** What a link to a section of a page may name, as GitHub and npm make it of the headings. */
async function anchorsOf(page: string): Promise<Set<string>> {
  const headings = [...(await proseOf(page)).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading);
  return new Set(
    headings.map((text) =>
      text
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

async function proseOf(page: string): Promise<string> {
  return (await readFile(join(root, page), 'utf8')).replace(/^```.*?^```$/gms, '');
}
