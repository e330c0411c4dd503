package selvedge.server.access;

/** What a grant allows. */
public enum Right {
  /** Get and list keys, and see the namespaces. */
  READ,
  /** Put and delete keys as well as read them. */
  WRITE,
  /** Read everything that the store has, with the digests of tokens. For edges. */
  REPLICATE,
  /** Everything, which includes creating and deleting namespaces and tokens. */
  ADMIN;

  /** Whether a grant of this right also allows the other one. */
  boolean includes(Right other) {
    return switch (this) {
      case READ -> other == READ;
      case WRITE -> other == READ || other == WRITE;
      case REPLICATE -> other == READ || other == REPLICATE;
      case ADMIN -> true;
    };
  }
}
