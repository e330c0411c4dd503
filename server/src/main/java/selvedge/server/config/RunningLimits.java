package selvedge.server.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.model.InvalidRequestException;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Profile;

/**
 * The limits of a server, which change while it runs. Safe for use by many threads.
 *
 * <p>A value comes from the settings of the start, or else from the file in the data directory that
 * {@code selvedge config set} writes, or else from the profile. A limit that is {@linkplain
 * Limit#isFixedAtStart() fixed at the start} keeps its value until the next start.
 */
public final class RunningLimits {
  private static final Logger LOG = LoggerFactory.getLogger(RunningLimits.class);

  private final Profile profile;
  private final StoredSettings stored;
  private volatile Map<String, Setting> fixed;
  private volatile Map<String, Setting> changed;
  private volatile Limits current;
  private volatile Runnable observer = () -> {};

  /** The limits that every part of the server reads. */
  private final Limits view = Limits.following(this::current);

  RunningLimits(Profile profile, Path data, Map<String, Setting> settings) {
    this.profile = profile;
    this.stored = new StoredSettings(data);
    this.fixed = Map.copyOf(settings);
    this.changed = readStored();
    this.current = Limits.of(profile).with(amounts());
  }

  private Map<String, Setting> readStored() {
    Map<String, Setting> settings = new HashMap<>();
    for (Setting setting : stored.read()) {
      Config.requireKnown(setting);
      if (Config.limit(setting.key()).isEmpty()) {
        throw new InvalidRequestException(
            setting.key()
                + " must be set by a flag, a variable or a file, not by "
                + setting.source());
      }
      settings.put(setting.key(), setting);
    }
    return Map.copyOf(settings);
  }

  private Map<Limit, Long> amounts() {
    Map<Limit, Long> amounts = new EnumMap<>(Limit.class);
    for (Map<String, Setting> settings : List.of(changed, fixed)) {
      settings
          .values()
          .forEach(
              setting ->
                  Config.limit(setting.key())
                      .ifPresent(limit -> amounts.put(limit, Config.amount(setting))));
    }
    return amounts;
  }

  private Limits current() {
    return current;
  }

  /** Returns the limits, whose values follow every change. */
  public Limits view() {
    return view;
  }

  /** Returns the limits that are set one by one, not by the profile. */
  public Set<Limit> explicit() {
    Set<Limit> explicit = EnumSet.noneOf(Limit.class);
    explicit.addAll(amounts().keySet());
    return explicit;
  }

  /** Returns the settings that differ from their defaults, with values that may be shown. */
  public List<Setting> differing() {
    Map<String, Setting> all = new TreeMap<>(changed);
    all.putAll(fixed);
    return all.values().stream()
        .filter(setting -> !setting.value().equals(standard(setting.key())))
        .map(Setting::shown)
        .toList();
  }

  private String standard(String key) {
    return SettingKey.of(key)
        .map(SettingKey::standard)
        .or(() -> Config.limit(key).map(limit -> Config.text(limit.in(profile))))
        .orElse("");
  }

  /** Sets the task that runs after each change; it replaces the one before. */
  public void observe(Runnable task) {
    observer = task;
  }

  /** Returns the value and the source of a limit. */
  public Setting setting(Limit limit) {
    String key = Config.key(limit);
    Setting standard =
        new Setting(key, Config.text(limit.in(profile)), "the profile " + profile.id());
    return fixed.getOrDefault(key, changed.getOrDefault(key, standard));
  }

  /**
   * Stores a limit in the data directory, and applies it unless it is fixed at the start.
   *
   * @param name of the limit, with or without the prefix {@code limits.}
   * @param value the new value; empty for the one of the profile
   * @return the limit
   * @throws InvalidRequestException if the name or the value is wrong, or a flag, a variable or a
   *     file sets the limit
   */
  public synchronized Limit set(String name, Optional<String> value) {
    Limit limit = named(name);
    String key = Config.key(limit);
    Setting fixing = fixed.get(key);
    if (fixing != null) {
      throw new InvalidRequestException(
          key
              + " is set by "
              + fixing.source()
              + " to "
              + fixing.value()
              + ", which ranks first: change it there, or remove it there and set it here");
    }
    value.ifPresent(
        text -> {
          long amount = Config.amount(new Setting(key, text, "the request"));
          Limits _ = current.with(limit, amount);
        });
    stored.write(key, value);
    changed = readStored();
    apply();
    return limit;
  }

  private static Limit named(String name) {
    String key = name.startsWith("limits.") ? name : "limits." + name;
    if (SettingKey.of(name).isPresent()) {
      throw new InvalidRequestException(
          name + " is read at the start only: change the flag, the variable or the file");
    }
    Config.requireKnown(new Setting(key, "", "the request"));
    return Config.limit(key).orElseThrow();
  }

  /** Takes the settings of a later reading of the flags, the variables and the file. */
  public synchronized void adopt(RunningLimits later) {
    for (String line : differences(later.fixed)) {
      LOG.info("settings are read again: {}", line);
    }
    fixed = later.fixed;
    changed = later.changed;
    apply();
  }

  private List<String> differences(Map<String, Setting> later) {
    List<String> lines = new ArrayList<>();
    Map<String, Setting> all = new HashMap<>(fixed);
    all.putAll(later);
    for (String key : all.keySet().stream().sorted().toList()) {
      Setting before = fixed.get(key);
      Setting after = later.get(key);
      String old = before == null ? "" : before.value();
      String fresh = after == null ? "" : after.value();
      if (!old.equals(fresh)) {
        boolean applies = Config.limit(key).filter(limit -> !limit.isFixedAtStart()).isPresent();
        lines.add(key + (applies ? " changes now" : " changes at the next start"));
      }
    }
    return lines;
  }

  /** Replaces the values of the limits that may change while the server runs. */
  private void apply() {
    Map<Limit, Long> values = new EnumMap<>(Limit.class);
    Limits next = Limits.of(profile).with(amounts());
    for (Limit limit : Limit.values()) {
      if (!limit.isFixedAtStart()) {
        values.put(limit, next.get(limit));
      }
    }
    current = current.with(values);
    observer.run();
  }
}
