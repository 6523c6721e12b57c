/** A URL as it may be shown: its password, or what stands in the place of a user and password, as Go's URL.Redacted shows it. */
export const shownUrl = (url: string): string =>
  url.replace(/^([a-zA-Z][a-zA-Z0-9+.-]*:\/\/|)([^/?#]*)@/u, (_whole, scheme: string, userinfo: string) => {
    const colon = userinfo.indexOf(':');
    return `${scheme}${colon < 0 ? userinfo : `${userinfo.slice(0, colon)}:xxxxx`}@`;
  });
