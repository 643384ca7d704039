/** Names options as the command line spells them: `option 'clientId'` becomes `--client-id`. */
export function inFlags(message: string, flags: Readonly<Record<string, string>>): string {
  return message.replaceAll(/(?:authenticate: )?option '(\w+)'/g, (all, name: string) =>
    Object.hasOwn(flags, name) ? (flags[name] as string) : all,
  );
}
