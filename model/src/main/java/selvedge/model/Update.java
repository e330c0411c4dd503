package selvedge.model;

import java.util.Optional;
import java.util.function.Function;

/**
 * Changes an entry depending on its content, by compare-and-set: reads the entry, decides, and puts
 * the new value only if the entry is still the same; otherwise it starts again. {@link
 * Namespace#update} is a shorter form for a value that depends on the value before.
 */
public final class Update {
  private static final int TRIES_MAX = 10_000;

  private Update() {}

  /**
   * The decision about an entry.
   *
   * @param <R> the type of the result
   * @param value the new value; empty to leave the entry as it is
   * @param options metadata and expiry of the new entry; a condition is ignored
   * @param result the result of {@link Update#run}
   */
  public record Decision<R>(Optional<Bytes> value, WriteOptions options, R result) {

    /**
     * Returns the decision to put a value.
     *
     * @param <R> the type of the result
     * @param value the new value
     * @param options metadata and expiry of the new entry
     * @param result the result of {@link Update#run}
     * @return the decision
     */
    public static <R> Decision<R> put(Bytes value, WriteOptions options, R result) {
      return new Decision<>(Optional.of(value), options, result);
    }

    /**
     * Returns the decision to leave the entry as it is.
     *
     * @param <R> the type of the result
     * @param result the result of {@link Update#run}
     * @return the decision
     */
    public static <R> Decision<R> leave(R result) {
      return new Decision<>(Optional.empty(), WriteOptions.PLAIN, result);
    }
  }

  /**
   * Repeats the decision until the entry did not change between the read and the put.
   *
   * @param <R> the type of the result
   * @param namespace the namespace of the entry
   * @param key the key of the entry
   * @param deciding receives the entry as it is, or empty if there is none; it may be called again
   * @return the result of the decision that was carried out
   * @throws OverloadedException if other writers changed the entry 10,000 times in a row
   */
  public static <R> R run(
      Namespace namespace, Key key, Function<Optional<Entry>, Decision<R>> deciding) {
    for (int i = 0; i < TRIES_MAX; i++) {
      Optional<Entry> current = namespace.get(key, ReadOptions.STRONG).find();
      Decision<R> decision = deciding.apply(current);
      if (decision.value().isEmpty()) {
        return decision.result();
      }
      Condition condition =
          current.map(Entry::version).<Condition>map(Condition::version).orElse(Condition.ABSENT);
      WriteOptions options = decision.options().condition(condition);
      if (namespace.put(key, decision.value().get(), options).isAccepted()) {
        return decision.result();
      }
    }
    throw new OverloadedException(
        "other writers have changed \"" + key + "\" " + TRIES_MAX + " times in a row");
  }
}
