/** The name of an option as OAuth writes it: `tokenEndpoint` is `token_endpoint`. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
