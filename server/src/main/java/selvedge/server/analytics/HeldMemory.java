package selvedge.server.analytics;

import selvedge.server.api.Memory;

/**
 * Takes the memory of an answer in pieces, while its parts are collected. Belongs to one thread.
 */
public final class HeldMemory implements Selection.Growth {
  private static final long PIECE_BYTES = 256 << 10;

  private final Memory memory;
  private long needed;
  private long held;

  public HeldMemory(Memory memory) {
    this.memory = memory;
  }

  @Override
  public void hold(long bytes) {
    needed += bytes;
    if (needed > held) {
      held = needed + PIECE_BYTES;
      memory.hold(held);
    }
  }
}
