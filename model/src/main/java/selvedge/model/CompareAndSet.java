package selvedge.model;

import java.util.Optional;
import java.util.function.UnaryOperator;

/** The loop of {@link Namespace#update}. It has no state. */
final class CompareAndSet {
  private static final int TRIES_MAX = 10_000;

  private CompareAndSet() {}

  static <T> T run(
      Namespace namespace, Key key, Codec<T> codec, T initial, UnaryOperator<T> change) {
    for (int i = 0; i < TRIES_MAX; i++) {
      Optional<Entry> entry = namespace.get(key, ReadOptions.STRONG).find();
      T before = entry.map(found -> codec.decode(found.value().bytes())).orElse(initial);
      T after = change.apply(before);
      WriteOptions options =
          entry.map(CompareAndSet::replacing).orElseGet(WriteOptions.PLAIN::ifAbsent);
      if (namespace.put(key, codec.encode(after), options).isAccepted()) {
        return after;
      }
    }
    throw new OverloadedException(
        "other writers have changed \"" + key + "\" " + TRIES_MAX + " times in a row");
  }

  private static WriteOptions replacing(Entry entry) {
    return WriteOptions.PLAIN
        .metadata(entry.metadata())
        .expiry(entry.expiry())
        .ifVersion(entry.version());
  }
}
