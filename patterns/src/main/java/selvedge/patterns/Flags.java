package selvedge.patterns;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import selvedge.model.Get;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.model.Put;

/**
 * The flags of a program. Safe for use by many threads and processes.
 *
 * {@snippet class="selvedge.examples.Tour" region="flags"}
 */
public record Flags(Namespace namespace, String prefix) {

  /** Whether a user has a feature; nobody has one that there is not. */
  public boolean isOn(String name, String user) {
    return get(name).isOnFor(user);
  }

  /** Whether somebody has it of whom nothing is known. */
  public boolean isOnForAnybody(String name) {
    return get(name).isOnForAnybody();
  }

  public Flag get(String name) {
    return namespace.get(prefix + name, Flag.CODEC).orElseGet(() -> Flag.off(name));
  }

  /** Changes a flag, and loses nothing that others change in it meanwhile. */
  public Flag change(String name, UnaryOperator<Flag> change) {
    return Update.run(
        namespace,
        Key.of(prefix + name),
        current -> {
          Flag changed =
              change.apply(
                  current
                      .map(entry -> Flag.CODEC.decode(entry.value().bytes()))
                      .orElseGet(() -> Flag.off(name)));
          return Update.Decision.put(Flag.CODEC.encode(changed), Put.PLAIN, changed);
        });
  }

  /** Every flag, and whether the user has it. */
  public Map<String, Boolean> all(String user) {
    List<Key> keys = namespace.keys(prefix).map(listed -> listed.key()).toList();
    Map<String, Boolean> flags = new LinkedHashMap<>();
    for (Lookup lookup : namespace.getAll(keys, Get.PLAIN)) {
      if (lookup instanceof Lookup.Found found) {
        Flag flag = Flag.CODEC.decode(found.entry().value().bytes());
        flags.put(found.entry().key().name().substring(prefix.length()), flag.isOnFor(user));
      }
    }
    return flags;
  }
}
