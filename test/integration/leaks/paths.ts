/** The ways to fail, as data, and the walk along them. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { markedLeaks } from '../../helpers/leaks.ts';
import { findMarks } from '../../helpers/leaks-forms.ts';
import { watchProcess } from '../../helpers/leaks-process.ts';
import { sayCarelessly, takeLogs } from './logs.ts';
import type { Stage } from './stage.ts';

/** One way to fail, from the first secret to the last error. */
export interface FailurePath {
  readonly name: string;
  /**
   * Fails, and hands out whatever its user gets to see and could print.
   *
   * @param companions - How many paths are walked at the same time, this one included.
   */
  fail(stage: Stage, companions: number): Promise<readonly unknown[]>;
}

/** Paths that are walked together: one failure, and all who meet it. */
export interface FailureGroup {
  readonly name: string;
  readonly paths: readonly FailurePath[];
}

/** Walks all paths of a group at once, and names every place where a marked secret can be read. */
export async function leaksOf({ paths }: FailureGroup, stage: Stage): Promise<string[]> {
  stage.api.forget();
  takeLogs();
  using output = watchProcess();
  const walks = paths.map((path) => path.fail(stage, paths.length));
  // To the end of the last one, whatever becomes of the others: nobody may print once we have stopped to listen.
  await Promise.allSettled(walks);
  const handedOut = await Promise.all(walks);
  for (const { rawHeaders, query } of stage.api.hits) sayCarelessly(JSON.stringify([rawHeaders, query]));
  // Warnings, and what streams have still to write, come in a later turn.
  await nextTurn();
  return [
    ...paths.flatMap(({ name }, index) => markedLeaks(...(handedOut[index] ?? [])).map((found) => `${name}, ${found}`)),
    ...findMarks(takeLogs()).map((found) => `log: ${found}`),
    ...findMarks(output.take()).map((found) => `output: ${found}`),
  ];
}
