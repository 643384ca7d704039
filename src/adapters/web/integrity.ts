/**
 * Subresource integrity of an answer that was reached by hand: each hop is fetched without, because a redirect is not what
 * was asked for. The platform itself checks the bytes, and fails in its own words.
 */
export async function verified(response: Response, integrity: string): Promise<Response> {
  const blob = await response.clone().blob();
  const url = URL.createObjectURL(blob);
  try {
    await globalThis.fetch(url, { integrity });
  } finally {
    URL.revokeObjectURL(url);
  }
  return response;
}
