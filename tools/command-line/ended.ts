/** Resolves when somebody ends this process: Ctrl-C, or a signal. */
export function ended(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
}
