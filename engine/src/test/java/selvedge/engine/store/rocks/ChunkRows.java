package selvedge.engine.store.rocks;

/** Counts the chunks of a store, for tests of other packages. */
public final class ChunkRows {
  private ChunkRows() {}

  public static long of(RocksStore store) {
    return store.chunkRows();
  }
}
