package selvedge.engine.origin;

/** What the writer reports of its work. Called by the writer's thread. */
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

  /** A clock in nanoseconds that only measures spans. */
  long ticks();

  /** So many changes became durable by one sync, within that time. */
  void committed(int changes, long nanos);

  /** A piece of upkeep held the writer for that time. */
  default void upkeep(long nanos) {}
}
