package selvedge.engine.namespace;

import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.model.WriteOptions;

/** The account of a store whose callers name none: an entry of the system namespace. */
public final class DefaultAccount {
  private static final Key KEY = Key.of("settings/account");

  private DefaultAccount() {}

  /** The account, which is that one if there is none yet. */
  public static AccountId of(Namespace system, AccountId fresh) {
    if (!(system.get(KEY) instanceof Lookup.Found)) {
      system.put(KEY, Bytes.utf8(fresh.hex()), WriteOptions.PLAIN.ifAbsent());
    }
    return stored(system);
  }

  /** Makes it that account. */
  public static void set(Namespace system, AccountId account) {
    boolean known = system.get(KEY) instanceof Lookup.Found && stored(system).equals(account);
    if (!known) {
      system.put(KEY, Bytes.utf8(account.hex()), WriteOptions.PLAIN);
    }
  }

  /** The account of a store that has one. */
  public static AccountId stored(Namespace system) {
    if (system.get(KEY) instanceof Lookup.Found found) {
      return new AccountId(found.entry().value().bytes().utf8());
    }
    throw new IllegalStateException("the store has no account of its own");
  }
}
