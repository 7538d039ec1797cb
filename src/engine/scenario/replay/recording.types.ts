/** A recorded series: seconds, ascending, and values, as many; or why the text is none. */
export type Recording =
  { readonly times: readonly number[]; readonly values: readonly number[] } | { readonly error: string };
