/** The version in package.json, as a constant, so that nothing is read from disk for it; a test compares the two. */
export const toolVersion = '0.1.0';
