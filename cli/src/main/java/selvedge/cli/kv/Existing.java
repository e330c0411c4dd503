package selvedge.cli.kv;

/** What to do with a key that exists at the target. */
enum Existing {
  replace,
  keep
}
