/** Writes a command's result to standard output. A reader that has read enough, such as `head`, is no error. */
export function writeData(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => (error.code === 'EPIPE' ? resolve() : reject(error));
    process.stdout.once('error', onError);
    process.stdout.write(text, (error) => {
      if (error) return onError(error);
      process.stdout.off('error', onError);
      resolve();
    });
  });
}

/** Says something to a person, on standard error: standard output is for results. */
export function say(command: string, text: string): void {
  process.stderr.write(`authwire ${command}: ${text}\n`);
}
