package selvedge.cli.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import selvedge.model.InvalidRequestException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.toml.TomlMapper;

/** A configuration of wrangler, as the tree that its TOML or JSON with comments spells. */
record WranglerFile(Path path, JsonNode root) {
  /** In the order in which wrangler looks for them. */
  private static final List<String> NAMES =
      List.of("wrangler.json", "wrangler.jsonc", "wrangler.toml");

  private static final TomlMapper TOML = TomlMapper.builder().build();
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS, JsonReadFeature.ALLOW_TRAILING_COMMA)
          .build();

  /** Finds the configuration in a folder. */
  static Optional<Path> in(Path folder) {
    return NAMES.stream().map(folder::resolve).filter(Files::isRegularFile).findFirst();
  }

  static WranglerFile read(Path path) {
    String name = path.toString();
    if (!name.endsWith(".toml") && !name.endsWith(".json") && !name.endsWith(".jsonc")) {
      throw new InvalidRequestException(
          "a configuration of wrangler ends in .toml, .jsonc or .json, not like " + path);
    }
    try {
      String text = Files.readString(path);
      JsonNode root = name.endsWith(".toml") ? TOML.readTree(text) : JSON.readTree(text);
      if (!root.isObject()) {
        throw new InvalidRequestException(path + " is not an object of settings");
      }
      return new WranglerFile(path.toAbsolutePath().normalize(), root);
    } catch (NoSuchFileException e) {
      throw new InvalidRequestException("there is no file " + path);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path, e);
    } catch (JacksonException e) {
      throw new InvalidRequestException(
          "%s, line %d: %s".formatted(path, e.getLocation().getLineNr(), e.getOriginalMessage()));
    }
  }
}
