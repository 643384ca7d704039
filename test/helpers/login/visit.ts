/** The browser of a person who agrees to everything: `node visit.ts ADDRESS`, as `BROWSER` of a program under test. */

import { TestBrowser } from './browser.ts';

await new TestBrowser().go(process.argv[2] as string);
