// Jest as it comes: CommonJS, no flags.
const { calls } = require('./calls.cjs');

test.each(process.env.MATRIX_CLIENTS.split(','))('%s', async (client) => {
  expect(await calls[client](require)).toBe(200);
});
