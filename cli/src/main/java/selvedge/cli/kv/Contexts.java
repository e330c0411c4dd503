package selvedge.cli.kv;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import selvedge.model.InvalidRequestException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The saved servers of a user, in a file that only the user can read. */
final class Contexts {
  private static final JsonMapper JSON = JsonMapper.shared();

  /**
   * A saved server.
   *
   * @param token empty if there is none, or if it is in a file
   * @param tokenFile empty if there is none
   * @param authorities the file of the authorities to trust; empty for those of the JVM
   */
  record Context(URI server, String token, String tokenFile, String authorities) {}

  private final Path file;
  private final NavigableMap<String, Context> saved = new TreeMap<>();
  private @Nullable String current;

  private Contexts(Path file) {
    this.file = file;
  }

  /** Reads the contexts of the user; none if nothing was saved. */
  static Contexts ofUser() {
    return read(folder("XDG_CONFIG_HOME", ".config").resolve("contexts.json"));
  }

  static Contexts read(Path file) {
    var contexts = new Contexts(file);
    if (Files.exists(file)) {
      contexts.load();
    }
    return contexts;
  }

  /** Returns the folder of this program below a folder of the user, which a variable may name. */
  static Path folder(String variable, String usual) {
    String named = System.getenv(variable);
    Path parent =
        named == null || named.isEmpty()
            ? Path.of(System.getProperty("selvedge.home", System.getProperty("user.home")), usual)
            : Path.of(named);
    return parent.resolve("selvedge");
  }

  private void load() {
    try {
      JsonNode all = JSON.readTree(Files.readString(file));
      current = all.path("current").asString("");
      all.path("contexts")
          .properties()
          .forEach(
              entry ->
                  saved.put(
                      entry.getKey(),
                      new Context(
                          URI.create(entry.getValue().path("server").asString("")),
                          entry.getValue().path("token").asString(""),
                          entry.getValue().path("token_file").asString(""),
                          entry.getValue().path("ca").asString(""))));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the saved contexts", e);
    } catch (JacksonException | IllegalArgumentException e) {
      throw new InvalidRequestException(
          file + " is damaged: delete it and save the contexts again");
    }
  }

  NavigableMap<String, Context> all() {
    return saved;
  }

  /** Returns the name of the context in use; empty if there is none. */
  Optional<String> current() {
    return Optional.ofNullable(current).filter(saved::containsKey);
  }

  Context require(String name) {
    Context context = saved.get(name);
    if (context == null) {
      throw new InvalidRequestException(
          "no context is named "
              + name
              + (saved.isEmpty() ? "; none is saved" : "; saved are " + saved.keySet()));
    }
    return context;
  }

  void use(String name) {
    require(name);
    current = name;
    save();
  }

  void set(String name, Context context) {
    saved.put(name, context);
    if (current().isEmpty()) {
      current = name;
    }
    save();
  }

  void remove(String name) {
    require(name);
    saved.remove(name);
    save();
  }

  private void save() {
    ObjectNode all = JSON.createObjectNode();
    current().ifPresent(name -> all.put("current", name));
    ObjectNode contexts = all.putObject("contexts");
    saved.forEach(
        (name, context) -> {
          ObjectNode json = contexts.putObject(name);
          json.put("server", context.server().toString());
          putUnlessEmpty(json, "token", context.token());
          putUnlessEmpty(json, "token_file", context.tokenFile());
          putUnlessEmpty(json, "ca", context.authorities());
        });
    OwnFile.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(all) + "\n");
  }

  private static void putUnlessEmpty(ObjectNode json, String name, String value) {
    if (!value.isEmpty()) {
      json.put(name, value);
    }
  }

  /** Files that only their owner can read, replaced as a whole. */
  static final class OwnFile {
    private OwnFile() {}

    static void write(Path file, String content) {
      try {
        Path folder = file.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        Path fresh =
            Files.createTempFile(
                folder,
                "new",
                ".json",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(fresh, content);
        Files.move(
            fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot write " + file, e);
      }
    }
  }
}
