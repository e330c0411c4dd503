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

/**
 * The configuration of a Worker, as the settings of a {@code wrangler.json}.
 *
 * @param path the file that the settings come from
 * @param environment the part of the settings to use; empty for the top level
 */
record WranglerFile(Path path, JsonNode root, String environment) {
  /** In the order in which wrangler searches for them. Only {@code cf} reads the last one. */
  private static final List<String> NAMES =
      List.of("wrangler.json", "wrangler.jsonc", "wrangler.toml", CloudflareConfig.NAME);

  private static final TomlMapper TOML = TomlMapper.builder().build();
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS, JsonReadFeature.ALLOW_TRAILING_COMMA)
          .build();

  /** Returns the configuration in a folder, if there is one. */
  static Optional<Path> in(Path folder) {
    return NAMES.stream().map(folder::resolve).filter(Files::isRegularFile).findFirst();
  }

  /**
   * Reads the configuration.
   *
   * @param environment an environment of wrangler, or a mode of a {@code cloudflare.config.ts};
   *     empty for the usual one
   */
  static WranglerFile read(Path path, String environment) {
    String name = path.toString();
    if (path.endsWith(CloudflareConfig.NAME) && Files.isRegularFile(path)) {
      Path absolute = path.toAbsolutePath().normalize();
      return new WranglerFile(absolute, CloudflareConfig.read(absolute, environment), "");
    }
    if (!name.endsWith(".toml") && !name.endsWith(".json") && !name.endsWith(".jsonc")) {
      throw new InvalidRequestException(
          "a configuration must be a .toml, .jsonc or .json of wrangler, or a %s, got %s"
              .formatted(CloudflareConfig.NAME, path));
    }
    try {
      String text = Files.readString(path);
      JsonNode root = name.endsWith(".toml") ? TOML.readTree(text) : JSON.readTree(text);
      if (!root.isObject()) {
        throw new InvalidRequestException(path + " must be an object of settings");
      }
      return new WranglerFile(path.toAbsolutePath().normalize(), root, environment);
    } catch (NoSuchFileException e) {
      throw new InvalidRequestException("file not found: " + path);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path, e);
    } catch (JacksonException e) {
      throw new InvalidRequestException(
          "%s, line %d: %s".formatted(path, e.getLocation().getLineNr(), e.getOriginalMessage()));
    }
  }

  /** Returns whether a program wrote the settings, so that no tool but its own reads the file. */
  boolean isEvaluated() {
    return path.endsWith(CloudflareConfig.NAME);
  }
}
