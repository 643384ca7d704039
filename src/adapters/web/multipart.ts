/**
 * FormData as a Blob (RFC 7578, encoded as the HTML standard's multipart/form-data algorithm says). fetch would choose
 * a new boundary for every send; a resend must be the same bytes under the same boundary. Files stay references:
 * a Blob of Blobs copies nothing.
 */
export function multipartBlob(form: FormData): Blob {
  const boundary = `----authwire${crypto.randomUUID()}`;
  const parts: BlobPart[] = [];
  for (const [name, value] of form) {
    parts.push(`--${boundary}\r\nContent-Disposition: form-data; name=${quoted(name)}`);
    if (typeof value === 'string') parts.push('\r\n\r\n', value.replace(NEWLINE, '\r\n'));
    else {
      const { name: filename, type } = value;
      parts.push(
        `; filename=${quoted(filename)}\r\nContent-Type: ${type || 'application/octet-stream'}\r\n\r\n`,
        value,
      );
    }
    parts.push('\r\n');
  }
  parts.push(`--${boundary}--\r\n`);
  return new Blob(parts, { type: `multipart/form-data; boundary=${boundary}` });
}

const NEWLINE = /\r\n|\r|\n/g;

function quoted(name: string): string {
  return `"${name.replace(NEWLINE, '%0D%0A').replaceAll('"', '%22')}"`;
}
