package selvedge.cli.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import selvedge.model.InvalidRequestException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a {@code cloudflare.config.ts}.
 *
 * <p>The file is a program. The wrangler of the project evaluates it in Node.js and converts it to
 * the settings of a {@code wrangler.json}, so both kinds of configuration have one reader here.
 */
final class CloudflareConfig {
  static final String NAME = "cloudflare.config.ts";

  private static final String REQUIRED =
      " needs wrangler 4.164 or newer in the same project (npm i -D wrangler@latest) and Node.js"
          + " 22.18 or newer";

  /** The exit codes of the script in addition to 0 and 1. */
  private static final int NO_WRANGLER = 3;

  private static final int OLD_WRANGLER = 4;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private CloudflareConfig() {}

  /**
   * Evaluates the file and returns its settings.
   *
   * @param mode the mode that the configuration may depend on; empty for none
   * @throws InvalidRequestException if the file, Node.js or wrangler is missing or invalid
   */
  static JsonNode read(Path path, String mode) {
    Path folder = path.toAbsolutePath().resolveSibling("");
    Path node =
        Tools.find(folder, "node")
            .orElseThrow(
                () -> new InvalidRequestException(path + REQUIRED + "; node was not found"));
    List<String> command =
        List.of(node.toString(), "-e", Tools.resource("cloudflare-config.cjs"), "--", mode);
    try {
      Process process = Tools.process(command, folder).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return switch (process.waitFor()) {
        case 0 -> JSON.readTree(output.substring(output.lastIndexOf('\n') + 1));
        case NO_WRANGLER ->
            throw new InvalidRequestException(path + REQUIRED + "; wrangler was not found");
        case OLD_WRANGLER ->
            throw new InvalidRequestException(path + REQUIRED + "; this wrangler is older");
        default ->
            throw new InvalidRequestException(
                "wrangler cannot read %s: %s%n%s%s".formatted(path, output, path, REQUIRED));
      };
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + node, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while wrangler read " + path, e);
    }
  }
}
