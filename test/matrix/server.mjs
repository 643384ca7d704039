import { once } from 'node:events';
import { createServer } from 'node:http';

/** An API that takes the token `fresh`, and the password of `ada`. */
export async function startServer() {
  const accepted = ['Bearer fresh', `Basic ${btoa('ada:open sesame')}`];
  const server = createServer((request, response) => {
    response.statusCode = accepted.includes(request.headers.authorization ?? '') ? 200 : 401;
    request.resume().on('end', () => response.end('{}'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    origin: `http://127.0.0.1:${port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
