/** The default branch of an exhaustive switch: does not compile while a member of the union is not handled. */
export const unreachable = (value: never): never => {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
};
