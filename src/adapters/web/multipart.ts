/**
 * FormData as a Blob (RFC 7578, encoded as the HTML standard's multipart/form-data algorithm says). fetch would choose
 * a new boundary for every send; a resend must be the same bytes under the same boundary. Files stay references:
 * a Blob of Blobs copies nothing.
 */
export function multipartBlob(form: FormData): Blob {
  const boundary = `----authwire${crypto.randomUUID()}`;
  const parts: BlobPart[] = [];
  for (const [name, value] of form) {
    const isText = typeof value === 'string';
    const traits = isText
      ? ''
      : `; filename=${quoted(value.name)}\r\nContent-Type: ${value.type || 'application/octet-stream'}`;
    parts.push(
      `--${boundary}\r\nContent-Disposition: form-data; name=${quoted(name)}${traits}\r\n\r\n`,
      isText ? value.replace(NEWLINE, '\r\n') : value,
      '\r\n',
    );
  }
  parts.push(`--${boundary}--\r\n`);
  return new Blob(parts, { type: `multipart/form-data; boundary=${boundary}` });
}

const NEWLINE = /\r\n|\r|\n/g;

function quoted(name: string): string {
  return `"${name.replace(NEWLINE, '%0D%0A').replaceAll('"', '%22')}"`;
}
