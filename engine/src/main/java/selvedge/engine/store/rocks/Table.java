package selvedge.engine.store.rocks;

/** The column families of a store in RocksDB. */
public enum Table {
  /** Housekeeping of several kinds; RocksDB wants a family of this name. */
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

  /** Whether rows are often looked up that are not there, so that a filter pays. */
  public boolean isAskedByKey() {
    return askedByKey;
  }
}
