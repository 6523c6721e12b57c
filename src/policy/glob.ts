/**
 * Whether a text matches a glob: `*` stands for any characters, `?` for one, all else for itself; upper and lower case differ. Takes at
 * most glob × text steps, whatever both hold.
 */
export const globMatches = (glob: string, text: string): boolean => {
  let [at, from] = [0, 0];
  /** The last `*`, and where its match ends for now. */
  let star = -1;
  let end = 0;
  while (from < text.length) {
    if (glob[at] === '*') {
      star = at++;
      end = from;
    } else if (at < glob.length && (glob[at] === '?' || glob[at] === text[from])) {
      at++;
      from++;
    } else if (star >= 0) {
      at = star + 1;
      from = ++end;
    } else return false;
  }
  while (glob[at] === '*') at++;
  return at === glob.length;
};
