package selvedge.patterns;

import java.util.Optional;
import java.util.function.Function;
import selvedge.model.Bytes;
import selvedge.model.Condition;
import selvedge.model.Entry;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.model.Outcome;
import selvedge.model.OverloadedException;
import selvedge.model.ReadOptions;
import selvedge.model.Version;
import selvedge.model.WriteOptions;

/**
 * Changes an entry by what is in it, and loses nothing that others write meanwhile: reads, decides,
 * and puts only if nobody was faster; else it begins again.
 */
public final class Update {
  private static final int TRIES_MAX = 10_000;

  private Update() {}

  /**
   * What is to become of an entry.
   *
   * @param value empty to leave it as it is
   * @param result what the caller is told
   * @param <R> the type of the result
   */
  public record Decision<R>(Optional<Bytes> value, WriteOptions how, R result) {
    public static <R> Decision<R> put(Bytes value, WriteOptions how, R result) {
      return new Decision<>(Optional.of(value), how, result);
    }

    public static <R> Decision<R> leave(R result) {
      return new Decision<>(Optional.empty(), WriteOptions.PLAIN, result);
    }
  }

  /**
   * Runs until nobody has come in between.
   *
   * @param deciding is given the entry as it is, or empty if there is none; may be asked again
   */
  public static <R> R run(
      Namespace namespace, Key key, Function<Optional<Entry>, Decision<R>> deciding) {
    ReadOptions how = ReadOptions.STRONG;
    for (int i = 0; i < TRIES_MAX; i++) {
      Optional<Entry> current =
          namespace.get(key, how) instanceof Lookup.Found found
              ? Optional.of(found.entry())
              : Optional.empty();
      Decision<R> decision = deciding.apply(current);
      if (decision.value().isEmpty()) {
        return decision.result();
      }
      Condition condition =
          current.map(Entry::version).<Condition>map(Condition::version).orElse(Condition.ABSENT);
      Outcome outcome =
          namespace.put(key, decision.value().get(), decision.how().condition(condition));
      if (outcome instanceof Outcome.Accepted) {
        return decision.result();
      }
    }
    throw new OverloadedException(
        "others have changed \"" + key + "\" " + TRIES_MAX + " times meanwhile");
  }

  /** The version that a put has given, or none if it was refused. */
  static Optional<Version> accepted(Outcome outcome) {
    return outcome instanceof Outcome.Accepted accepted
        ? Optional.of(accepted.version())
        : Optional.empty();
  }
}
