package selvedge.server.access;

/** A right that a grant contains. */
public enum Right {
  /** Read keys and list keys and namespaces. */
  READ,
  /** Read, put and delete keys. */
  WRITE,
  /** Read the whole store, including the digests of tokens. For edges. */
  REPLICATE,
  /** All operations, including the administration of namespaces and tokens. */
  ADMIN;

  /** Returns whether this right includes the other one. */
  boolean includes(Right other) {
    return switch (this) {
      case READ -> other == READ;
      case WRITE -> other == READ || other == WRITE;
      case REPLICATE -> other == READ || other == REPLICATE;
      case ADMIN -> true;
    };
  }
}
