/**
 * A text of a file or program as one line that cannot change the terminal: control characters become spaces, escape sequences lose
 * their ESC (client-go cleanANSIEscapeCodes does this for installHint).
 */
export const printableLine = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\s]+/gu, ' ').trim();
