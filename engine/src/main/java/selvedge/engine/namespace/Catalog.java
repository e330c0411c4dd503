package selvedge.engine.namespace;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import selvedge.engine.store.Store;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.NamespaceInfo;
import selvedge.model.NamespaceMode;

/**
 * All namespaces of a store, in memory.
 *
 * <p>They are stored as entries of the system namespace, so they are durable and part of the feed
 * like every other entry. Any thread may read. The thread that commits changes must apply them
 * here.
 */
public final class Catalog {

  private static final Bytes PREFIX = Bytes.utf8("namespace/");
  private static final int ID_CHARACTERS = 32;

  private final Map<NamespaceId, NamespaceInfo> namespaces = new ConcurrentHashMap<>();

  /** The namespaces of each account, by title. */
  private final Map<AccountId, NavigableMap<Place, NamespaceInfo>> accounts =
      new ConcurrentHashMap<>();

  private final Supplier<NavigableMap<Place, NamespaceInfo>> index;

  /** The place of a namespace in the listing of its account. */
  record Place(Bytes title, String id) implements Comparable<Place> {
    static Place of(NamespaceInfo info) {
      return new Place(Bytes.utf8(info.title()), info.id().hex());
    }

    @Override
    public int compareTo(Place other) {
      int byTitle = title.compareTo(other.title);
      return byTitle == 0 ? id.compareTo(other.id) : byTitle;
    }
  }

  /** Reads the namespaces of a store. */
  public Catalog(Store store) {
    this(store, ConcurrentSkipListMap::new);
  }

  /**
   * @param index creates the index of an account, which many threads may read during a change
   */
  Catalog(Store store, Supplier<NavigableMap<Place, NamespaceInfo>> index) {
    this.index = index;
    SystemEntries.forEach(
        store, PREFIX, entry -> add(decode(entry.key(), entry.value().bytes(), entry.metadata())));
  }

  /** Applies changes that have been committed. */
  public void apply(List<Change> changes) {
    for (Change change : changes) {
      if (change.namespace().equals(NamespaceId.SYSTEM)) {
        apply(change.mutation());
      }
    }
  }

  private void apply(Mutation mutation) {
    switch (mutation) {
      case Mutation.Put put when isNamespace(put.key()) ->
          add(decode(put.key(), put.value().bytes(), put.metadata()));
      case Mutation.Delete delete when isNamespace(delete.key()) -> remove(id(delete.key()));
      case Mutation _ -> {}
    }
  }

  /** Adds the new place before it removes an earlier one, so that every reader finds one. */
  private void add(NamespaceInfo info) {
    NamespaceInfo before = namespaces.put(info.id(), info);
    Place place = Place.of(info);
    accounts.computeIfAbsent(info.account(), _ -> index.get()).put(place, info);
    if (before != null
        && !(before.account().equals(info.account()) && Place.of(before).equals(place))) {
      all(before.account()).remove(Place.of(before));
    }
  }

  private void remove(NamespaceId id) {
    NamespaceInfo before = namespaces.remove(id);
    if (before != null) {
      all(before.account()).remove(Place.of(before));
    }
  }

  private NavigableMap<Place, NamespaceInfo> all(AccountId account) {
    return accounts.getOrDefault(account, Collections.emptyNavigableMap());
  }

  /** Returns whether there is a namespace with the id; the system namespace always exists. */
  public boolean has(NamespaceId id) {
    return namespaces.containsKey(id) || id.equals(NamespaceId.SYSTEM);
  }

  /** Returns the namespace with the id, if there is one. */
  public Optional<NamespaceInfo> find(NamespaceId id) {
    return Optional.ofNullable(namespaces.get(id));
  }

  /** Returns the namespace of the account with the title, if there is one. */
  public Optional<NamespaceInfo> find(AccountId account, String title) {
    Map.Entry<Place, NamespaceInfo> first =
        all(account).ceilingEntry(new Place(Bytes.utf8(title), ""));
    return Optional.ofNullable(first)
        .map(Map.Entry::getValue)
        .filter(info -> info.title().equals(title));
  }

  /** Returns the namespaces of the account in the order of their titles. */
  public List<NamespaceInfo> list(AccountId account) {
    return List.copyOf(all(account).values());
  }

  /** Returns the number of namespaces of the account. */
  public int count(AccountId account) {
    return all(account).size();
  }

  List<AccountId> accounts() {
    return accounts.entrySet().stream()
        .filter(each -> !each.getValue().isEmpty())
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /** Returns the mutation of the system namespace that stores the namespace. */
  public static Mutation.Put put(NamespaceInfo info) {
    return new Mutation.Put(key(info.id()), encode(info), metadata(info.mode()), Expiry.NEVER);
  }

  /** Returns the key, in the system namespace, of a namespace. */
  public static Key key(NamespaceId id) {
    return new Key(PREFIX.plus(Bytes.utf8(id.hex())));
  }

  private static boolean isNamespace(Key key) {
    return key.bytes().startsWith(PREFIX);
  }

  private static NamespaceId id(Key key) {
    return new NamespaceId(key.name().substring(PREFIX.size()));
  }

  /** Account, moment of creation in milliseconds, title: specified in docs/reference/storage.md. */
  private static Bytes encode(NamespaceInfo info) {
    Bytes account = Bytes.utf8(info.account().hex());
    Bytes title = Bytes.utf8(info.title());
    ByteBuffer buffer = ByteBuffer.allocate(ID_CHARACTERS + Long.BYTES + title.size());
    buffer.put(account.asReadOnlyBuffer());
    buffer.putLong(info.createdAt().toEpochMilli());
    buffer.put(title.asReadOnlyBuffer());
    return Bytes.adopt(buffer.array());
  }

  /**
   * The mode is in the metadata, because older programs read the rest of the value as the title.
   */
  private static Metadata metadata(NamespaceMode mode) {
    return mode == NamespaceMode.UNSET
        ? Metadata.NONE
        : Metadata.json("{\"mode\":\"" + mode.text() + "\"}");
  }

  private static NamespaceMode mode(Metadata metadata) {
    return Arrays.stream(NamespaceMode.values())
        .filter(mode -> metadata(mode).stored().equals(metadata.stored()))
        .findFirst()
        .orElse(NamespaceMode.UNSET);
  }

  private static NamespaceInfo decode(Key key, Bytes value, Metadata metadata) {
    byte[] encoded = value.toArray();
    Bytes account = Bytes.copyOf(encoded, 0, ID_CHARACTERS);
    long createdAt = ByteBuffer.wrap(encoded).getLong(ID_CHARACTERS);
    int titleStart = ID_CHARACTERS + Long.BYTES;
    Bytes title = Bytes.copyOf(encoded, titleStart, encoded.length - titleStart);
    return new NamespaceInfo(
        id(key),
        new AccountId(account.utf8()),
        title.utf8(),
        Instant.ofEpochMilli(createdAt),
        mode(metadata));
  }
}
