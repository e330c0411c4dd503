package selvedge.engine.origin;

/** Receives figures about the work of the writer, on the thread that writes. */
public interface Meter {

  /** Reports nothing. */
  Meter NONE =
      new Meter() {
        @Override
        public long ticks() {
          return 0;
        }

        @Override
        public void committed(int changes, long nanos) {}
      };

  /** Returns the time of a clock in nanoseconds that only measures spans. */
  long ticks();

  /** Reports how many changes one sync made durable, and how long that took. */
  void committed(int changes, long nanos);

  /** Reports that durable changes are visible, so that their commit has succeeded. */
  default void shown() {}

  /** Reports that changes could not be committed. */
  default void failed(RuntimeException why) {}

  /** Reports how long a piece of upkeep occupied the writer. */
  default void upkeep(long nanos) {}
}
