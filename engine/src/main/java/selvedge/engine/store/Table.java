package selvedge.engine.store;

/** The column families of a store in RocksDB. */
enum Table {
  /** Housekeeping of several kinds; RocksDB wants a family of this name. */
  UPKEEP("default"),
  ENTRIES("entries"),
  INDEX("index"),
  CHUNKS("chunks"),
  FEED("feed");

  private final String family;

  Table(String family) {
    this.family = family;
  }

  String family() {
    return family;
  }
}
