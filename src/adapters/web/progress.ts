/**
 * Passes on what is at least as far as what came before: a resend starts at 0, while the caller's progress bar stays where it
 * was until the resend has caught up.
 *
 * @param position - How far an event says that the upload is.
 */
export function onward<Event>(listener: (event: Event) => void, position: (event: Event) => number) {
  let furthest = 0;
  return (event: Event): void => {
    const reached = position(event);
    if (reached < furthest) return;
    furthest = reached;
    listener(event);
  };
}
