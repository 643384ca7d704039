/** httpbin: qop=auth-int, which hardly anybody else knows, and nonces that are stale when a cookie says so. */

import { execFileSync } from 'node:child_process';
import { connectTo, freePort, type RunningServer, startProcess } from '../server-process.ts';

/** Where a started httpbin is. */
export interface Httpbin {
  readonly origin: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    httpbin: Httpbin;
  }
}

/** Its own route takes GET only; another one of the same view takes requests with a body. */
const PROGRAM = `
import sys
from wsgiref.simple_server import make_server, WSGIRequestHandler
from httpbin import app
from httpbin.core import digest_auth_nostale
app.add_url_rule('/digest-any/<qop>/<user>/<passwd>/<algorithm>', 'digest_any', digest_auth_nostale, methods=['GET', 'POST', 'PUT'])
class Quiet(WSGIRequestHandler):
    log_message = lambda *a: None
make_server('127.0.0.1', int(sys.argv[1]), app, handler_class=Quiet).serve_forever()
`;

/** Debian's, which finds Debian's packages. */
const PYTHON = '/usr/bin/python3';
const TELL_VERSION = 'from importlib.metadata import version; print(version("httpbin"))';

export async function startHttpbin(): Promise<Httpbin & RunningServer> {
  const version = `httpbin ${execFileSync(PYTHON, ['-c', TELL_VERSION], { encoding: 'utf8' }).trim()}`;
  const port = await freePort();
  const { pid, stop } = await startProcess({
    command: PYTHON,
    args: ['-c', PROGRAM, String(port)],
    answers: () => connectTo(port),
  });
  return { origin: `http://127.0.0.1:${port}`, pid, version, stop };
}
