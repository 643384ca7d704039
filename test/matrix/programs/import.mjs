import { run } from './calls.cjs';

await run((name) => import(name));
