/** An object without the fields that are `undefined`. */
export function defined<T extends object>(fields: { readonly [Name in keyof T]?: T[Name] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
