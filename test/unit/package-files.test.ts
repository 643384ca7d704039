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
  it('has no dead relative link in a page', async () => {
    const pages = packed.filter((file) => file.endsWith('.md'));
    const links = (await Promise.all(pages.map(linksOf))).flat();

    expect(links.length).toBeGreaterThan(30);
    expect(links.filter(({ target }) => !packed.includes(target))).toEqual([]);
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

async function linksOf(page: string): Promise<{ page: string; target: string }[]> {
  const text = await readFile(join(root, page), 'utf8');
  const prose = text.replace(/^```.*?^```$/gms, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target.replace(/#.*$/, ''))
    .filter((target) => target !== '' && !/^[a-z][a-z+.-]*:/.test(target))
    .map((target) => ({ page, target: normalize(join(dirname(page), target)) }));
}
