package selvedge.engine.store.rocks;

/** The column families of a store in RocksDB. */
public enum Table {
  /** Rows of upkeep. RocksDB requires a family of this name. */
  UPKEEP("default", true),
  ENTRIES("entries", true),
  INDEX("index", false),
  CHUNKS("chunks", true);

  private final String family;
  private final boolean askedByKey;

  Table(String family, boolean askedByKey) {
    this.family = family;
    this.askedByKey = askedByKey;
  }

  public String family() {
    return family;
  }

  /** Returns whether lookups often miss, so that a filter saves reads. */
  public boolean isAskedByKey() {
    return askedByKey;
  }
}
