import { execFile } from 'node:child_process';
import { Console } from 'node:console';
import { PassThrough, Writable } from 'node:stream';
import { inspect, promisify } from 'node:util';
import { context, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import createDebug from 'debug';
import pino from 'pino';
import { afterEach, describe, expect, it, vi } from 'vitest';
import winston from 'winston';
import { createCredentialFilter, credentialFilter } from '../../../../src/logging/credential-filter.ts';
import {
  pinoMask,
  winstonFormat,
  wrapConsole,
  wrapDebug,
  wrapSpanProcessor,
  wrapWritable,
} from '../../../../src/logging/index.ts';

const VALUE = 'open sesame';
const filter = createCredentialFilter();
filter.updateSecret('k', VALUE);
filter.updateSecret('pin', '123456');
const error = () => Object.assign(new Error(`said ${VALUE}`), { config: { password: VALUE } });

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A writable stream, and what has been written to it. */
function memory() {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(Buffer.from(chunk));
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString() };
}

describe('pino', () => {
  it('writes masked lines, which are JSON still, also from child loggers', () => {
    const { stream, text } = memory();
    const log = pino({ level: 'debug', ...pinoMask(filter) }, stream);
    log.info({ password: VALUE, pin: 123456, err: error() }, `say ${VALUE}`);
    log.child({ token: VALUE }, { msgPrefix: VALUE }).debug({ url: new URL(`https://h/?k=${VALUE}`) }, 'child');
    const [first, second] = text()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(first).toMatchObject({ password: '*****', pin: '*****', msg: 'say *****', err: { message: 'said *****' } });
    expect(second).toMatchObject({ token: '*****', msg: '*****child', url: 'https://h/?k=*****' });
    expect(text()).not.toContain('sesame');
  });

  it('uses the filter of the process by default', () => {
    credentialFilter.updateSecret('pino test', 'abracadabra');
    expect(pinoMask().hooks.streamWrite('say abracadabra')).toBe('say *****');
    credentialFilter.removeSecret('pino test');
  });
});

describe('winston', () => {
  const { combine, json, errors, splat, printf } = winston.format;

  it.each([
    ['after json', combine(errors({ stack: true }), splat(), json(), winstonFormat(filter))],
    ['before json', combine(errors({ stack: true }), splat(), winstonFormat(filter), json())],
  ])('writes masked lines: the format %s', (_name, format) => {
    const { stream, text } = memory();
    const log = winston.createLogger({ format, transports: [new winston.transports.Stream({ stream })] });
    log.info('say %s', VALUE, { password: VALUE, nested: { pin: 123456 } });
    log.child({ token: VALUE }).error(error());
    const lines = text()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({ level: 'info', message: 'say *****', nested: { pin: '*****' } });
    expect(lines[1]).toMatchObject({ level: 'error', message: 'said *****' });
    expect(text()).not.toContain('sesame');
  });

  it('leaves what the program holds alone, and the level, even where that is a secret', () => {
    const silly = createCredentialFilter();
    silly.updateSecret('k', 'warn');
    const { stream, text } = memory();
    const format = combine(
      printf(({ level, message }) => `${level}: ${message}`),
      winstonFormat(silly),
    );
    const log = winston.createLogger({
      format,
      transports: [new winston.transports.Stream({ stream, level: 'warn' })],
    });
    const fields = Object.freeze({ a: 'warn' });
    log.warn('warn', fields);
    expect(text().trim()).toBe('*****: *****');
    expect(fields).toEqual({ a: 'warn' });
  });
});

describe('a console', () => {
  function printed(use: (target: Console) => void): string {
    const out = new PassThrough();
    const target = new Console({ stdout: out, stderr: out });
    const undo = wrapConsole(target, filter);
    use(target);
    undo();
    target.log('after');
    return String(out.read());
  }

  it.each<[string, (target: Console) => void, string]>([
    ['log', (c) => c.log('say %s', VALUE, 1), 'say ***** 1'],
    ['log of percent signs', (c) => c.log('100%s', '%d', 5), '100%d 5'],
    ['log of nothing', (c) => c.log(), ''],
    ['info of an object', (c) => c.info({ a: { b: [VALUE] } }), "{ a: { b: [ '*****' ] } }"],
    ['debug of bytes', (c) => c.debug(Buffer.from(VALUE)), '<Buffer 2a 2a 2a 2a 2a>'],
    ['dir', (c) => c.dir({ a: VALUE }), "{ a: '*****' }"],
    ['assert', (c) => c.assert(false, VALUE), 'Assertion failed: *****'],
    ['count', (c) => c.count(VALUE), '*****: 1'],
  ])('prints masked through %s', (_name, use, line) => {
    expect(printed(use)).toBe(`${line}\nafter\n`);
  });

  it.each<[string, (target: Console) => void]>([
    ['error', (c) => c.error(error())],
    ['warn', (c) => c.warn(new Error('outer', { cause: error() }))],
    ['trace', (c) => c.trace(VALUE)],
    ['table', (c) => c.table([{ password: VALUE }])],
    ['group', (c) => c.group(VALUE)],
    ['dirxml', (c) => c.dirxml('open %s', VALUE.slice(5))],
    ['a long text, which inspectors break', (c) => c.log({ a: [`${'x\n'.repeat(20)}open\n`, { b: `${VALUE}\n` }] })],
  ])('prints nothing secret through %s', (_name, use) => {
    expect(printed(use)).not.toContain('sesame');
    expect(printed(use)).toContain('*****');
  });

  it('is put back as it was', () => {
    const target = new Console({ stdout: new PassThrough() });
    const { log } = target;
    wrapConsole(target, filter)();
    expect(target.log).toBe(log);
  });

  it('masks argument by argument where there is no node:util', () => {
    const target = { log: vi.fn() };
    const { log } = target;
    wrapConsole(target, filter);
    vi.stubGlobal('process', undefined);
    target.log('%c say', `color: red`, VALUE, { a: VALUE });
    expect(log).toHaveBeenCalledExactlyOnceWith('%c say', 'color: red', '*****', { a: '*****' });
  });
});

describe('debug', () => {
  it('prints masked lines until it is put back', () => {
    const lines: string[] = [];
    const debug = createDebug('authwire:test');
    debug.enabled = true;
    const log = (...args: unknown[]) => lines.push(args.join(' '));
    debug.log = log;
    const undo = wrapDebug(debug, filter);
    debug('say %o %s', { password: VALUE }, VALUE);
    undo();
    expect(debug.log).toBe(log);
    expect(lines.join('\n')).toContain("password: '*****'");
    expect(lines.join('\n')).not.toContain('sesame');
  });

  it('wraps the package for all instances', () => {
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const undo = wrapDebug(createDebug, filter);
    const debug = createDebug('authwire:other');
    debug.enabled = true;
    debug('say %s', VALUE);
    const text = write.mock.calls.join('\n');
    undo();
    write.mockRestore();
    expect(text).toContain('say *****');
    expect(text).not.toContain('sesame');
  });
});

describe('a writable stream', () => {
  it('gets masked text and bytes, and others as they are', async () => {
    const { stream, text } = memory();
    const binary = Buffer.from([0xff, 0xfe, 0x00, 0x80]);
    const undo = wrapWritable(stream, filter);
    stream.write(`say ${VALUE}\n`);
    stream.write(Buffer.from(`bytes ${VALUE}\n`));
    stream.write(Buffer.from('plain\n').toString('hex'), 'hex');
    stream.write(binary);
    undo();
    await new Promise<void>((resolve) => stream.end(`after ${VALUE}`, resolve));
    expect(text()).toBe(`say *****\nbytes *****\nplain\n${binary.toString()}after ${VALUE}`);
  });

  it.each(['utf8', 'latin1', 'ascii', 'binary', 'ucs2', 'utf16le'] as const)('gets masked text in %s', (encoding) => {
    const stream = new PassThrough();
    wrapWritable(stream, filter);
    stream.write(`say ${VALUE}`, encoding);
    expect((stream.read() as Buffer).toString(encoding)).toBe('say *****');
  });

  it.each(['hex', 'base64', 'base64url'] as const)('gets masked bytes in %s', (encoding) => {
    const stream = new PassThrough();
    wrapWritable(stream, filter);
    stream.write(Buffer.from(`say ${VALUE}`).toString(encoding), encoding);
    expect(String(stream.read())).toBe('say *****');
  });

  it('is ended with masked text, with and without a callback', async () => {
    const { stream, text } = memory();
    wrapWritable(stream, filter);
    await new Promise<void>((resolve) => stream.end(VALUE, resolve));
    expect(text()).toBe('*****');
    const other = memory();
    wrapWritable(other.stream, filter);
    await new Promise<void>((resolve) => other.stream.end(resolve));
    expect(other.text()).toBe('');
  });
});

it('a process prints nothing secret once its output is wrapped', async () => {
  const index = new URL('../../../../src/logging/index.ts', import.meta.url).href;
  const script = `
    import { credentialFilter, wrapProcessOutput } from '${index}';
    credentialFilter.updateSecret('k', '${VALUE}');
    const undo = wrapProcessOutput();
    console.log('say ${VALUE}');
    console.error({ a: '${VALUE}' });
    process.stdout.write(new TextEncoder().encode('${VALUE}'));
    undo();
    console.log(' end');`;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  expect(stdout).toBe('say *****\n***** end\n');
  expect(stderr).toContain("{ a: '*****' }");
  expect(stderr).not.toContain('sesame');
});

describe('OpenTelemetry', () => {
  it('exports masked spans, and leaves the spans alone', async () => {
    const exporter = new InMemorySpanExporter();
    const processor = wrapSpanProcessor(new SimpleSpanProcessor(exporter), filter);
    const provider = new BasicTracerProvider({ spanProcessors: [processor] });
    const spanContext = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: TraceFlags.SAMPLED };
    const links = [{ context: spanContext, attributes: { pw: VALUE } }];
    const span = provider.getTracer('test').startSpan(`GET ${VALUE}`, { links }, context.active());
    span.setAttributes({ 'url.full': `https://h/?k=${encodeURIComponent(VALUE)}`, list: [VALUE], n: 1 });
    span.addEvent(`event ${VALUE}`, { pw: VALUE });
    span.recordException(error());
    span.setStatus({ code: SpanStatusCode.ERROR, message: VALUE });
    span.end();
    await provider.forceFlush();
    const [exported] = exporter.getFinishedSpans();
    expect(exported).toMatchObject({
      name: 'GET *****',
      attributes: { 'url.full': 'https://h/?k=*****', list: ['*****'], n: 1 },
      status: { code: SpanStatusCode.ERROR, message: '*****' },
      links: [{ context: spanContext, attributes: { pw: '*****' } }],
    });
    expect(exported?.events[0]).toMatchObject({ name: 'event *****', attributes: { pw: '*****' } });
    expect(JSON.stringify(exported?.events)).not.toContain('sesame');
    expect(exported?.spanContext()).toEqual(span.spanContext());
    expect(exported?.duration).toHaveLength(2);
    expect((span as unknown as { name: string }).name).toBe(`GET ${VALUE}`);
    expect(inspect(exported, { depth: 5 }) + JSON.stringify({ ...exported })).not.toContain('sesame');
    await provider.shutdown();
  });

  it('masks what describes the process and the library, in one object for all spans', async () => {
    const exporter = new InMemorySpanExporter();
    const attributes = { 'process.command_args': ['node', VALUE] };
    const resource = { attributes, getRawAttributes: () => Object.entries(attributes), merge: () => resource };
    const spanProcessors = [wrapSpanProcessor(new BatchSpanProcessor(exporter), filter)];
    const provider = new BasicTracerProvider({ resource, spanProcessors });
    const tracer = provider.getTracer(`library ${VALUE}`);
    tracer.startSpan('one').end();
    tracer.startSpan('two').end();
    await provider.forceFlush();
    const [one, two] = exporter.getFinishedSpans();
    expect(one?.resource).toBe(two?.resource);
    expect(one?.resource.attributes).toEqual({ 'process.command_args': ['node', '*****'] });
    expect(one?.instrumentationScope.name).toBe('library *****');
    expect(inspect([one, one?.resource.getRawAttributes()], { depth: 9 })).not.toContain('sesame');
    await provider.shutdown();
  });
});
