/**
 * FormData as a Blob (RFC 7578, encoded as the HTML standard's multipart/form-data algorithm says). fetch would choose
 * a new boundary for every send; a resend must be the same bytes under the same boundary. Files stay references:
 * a Blob of Blobs copies nothing.
 */
export function multipartBlob(form: FormData): Blob {
  const boundary = `----authwire${crypto.randomUUID().replaceAll('-', '')}`;
  const parts: BlobPart[] = [];
  for (const [name, value] of form) {
    parts.push(`--${boundary}\r\nContent-Disposition: form-data; name="${escapeName(name)}"`);
    if (typeof value === 'string') parts.push(`\r\n\r\n${normalizeNewlines(value)}\r\n`);
    else
      parts.push(
        `; filename="${escapeName(value.name)}"\r\nContent-Type: ${value.type || OCTETS}\r\n\r\n`,
        value,
        '\r\n',
      );
  }
  parts.push(`--${boundary}--\r\n`);
  return new Blob(parts, { type: `multipart/form-data; boundary=${boundary}` });
}

const OCTETS = 'application/octet-stream';

function escapeName(name: string): string {
  return name.replace(/\r\n|\r|\n/g, '%0D%0A').replaceAll('"', '%22');
}

function normalizeNewlines(value: string): string {
  return value.replace(/\r\n|\r|\n/g, '\r\n');
}
