package selvedge.server.access;

/** What a grant allows. Each right includes those before it. */
public enum Right {
  /** Get and list keys, and see the namespaces. */
  READ,
  /** Put and delete keys as well. */
  WRITE,
  /** Create, rename and delete namespaces as well, and administer tokens. */
  ADMIN;

  boolean includes(Right other) {
    return compareTo(other) >= 0;
  }
}
