// Keeps a few phrases out of what people read: README, guides, comments, docstrings, messages and changesets. Each of them is
// a riddle or an archaism with a plain equivalent.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const root = new URL('..', import.meta.url).pathname;
const READ = ['*.md', 'docs', '.changeset', 'src', 'examples'];

/** A phrase as a pattern, and what to write. */
const phrases = /** @type {const} */ ([
  ['in the place of', 'instead of'],
  ['who(?:m)?ever', 'anyone who, or name them'],
  ['(?:is|are) on the way', 'on the network path'],
  ['(?:is|are) believed', 'is treated as'],
  ['hopeless(?:ly)?', 'that retrying cannot fix'],
  ['beside (?:it|them|that|those|others)', 'as well, next to'],
  ['worn out', 'expired, no longer accepted'],
  ['the one that', 'repeat the noun'],
  ['(?:to|can|could|cannot) be had', 'available'],
  ['lest', 'so that … not'],
  ['afresh', 'again'],
  ['anew', 'again, new'],
  ['told from', 'distinguished from'],
  ['brings? along', 'has'],
  ['what is said of', 'name it'],
  ['hand(?:s|ed)? on', 'forward, pass'],
  ['in vain', 'without effect'],
  ['aloud', 'report, warn'],
  ['come to nothing|came to nothing', 'failed'],
]);

const files = execFileSync('git', ['ls-files', ...READ], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((file) => /\.(?:md|ts)$/.test(file));

let found = 0;
for (const file of files) {
  const whole = readFileSync(root + file, 'utf8');
  const prose = file.endsWith('.ts') ? withoutCode(whole) : whole;
  // A phrase may go on in the next line of a comment.
  const text = prose.replace(/\n[^\S\n]*(?:\*|\/\/)?/g, (gap) => '\n'.padEnd(gap.length));
  for (const [phrase, better] of phrases) {
    const pattern = new RegExp(`\\b(?:${phrase.replaceAll(' ', '\\s+')})\\b`, 'gi');
    for (const { 0: said, index } of text.matchAll(pattern)) {
      found += 1;
      const line = text.slice(0, index).split('\n').length;
      console.log(`${file}:${line} '${said.replace(/\s+/g, ' ')}': ${better}`);
    }
  }
}
console.log(`${found} phrases to replace in ${files.length} files`);
if (found > 0) process.exitCode = 1;

/**
 * Comments and strings where they stand, and spaces instead of everything else.
 *
 * @param {string} source
 */
function withoutCode(source) {
  const read = /\/\*[\s\S]*?\*\/|\/\/.*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\[\s\S])*`/g;
  let text = '';
  for (const { 0: part, index } of source.matchAll(read)) {
    text += source.slice(text.length, index).replace(/[^\n]/g, ' ') + part;
  }
  return text;
}
