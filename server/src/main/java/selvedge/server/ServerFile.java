package selvedge.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Optional;
import selvedge.model.Bytes;
import selvedge.model.tls.Trust;
import selvedge.server.api.shared.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The file by which the command line finds the server that has a data directory.
 *
 * <p>Only the owner can read it. Its secret is new at each start and holds as long as the process.
 */
public final class ServerFile {
  private static final String NAME = "server.json";

  private final Path file;

  /**
   * Where a server listens, and what it recognises the owner of its data by.
   *
   * @param certificate the one that the server presents, in DER; empty without TLS
   */
  public record Door(URI uri, String secret, Bytes certificate) {
    /** Returns the trust in this certificate alone, or the given one if there is none. */
    public Trust trust(Trust otherwise) {
      return certificate.isEmpty() ? otherwise : Trust.only(certificate);
    }
  }

  public ServerFile(Path data) {
    this.file = data.resolve(NAME);
  }

  void write(Door door) {
    Bytes content =
        Json.bytes(
            json -> {
              json.writeStartObject();
              json.writeStringProperty("url", door.uri().toString());
              json.writeStringProperty("secret", door.secret());
              if (!door.certificate().isEmpty()) {
                json.writeStringProperty("certificate", encoded(door.certificate()));
              }
              json.writeEndObject();
            });
    try {
      Path fresh = file.resolveSibling(NAME + ".new");
      Files.deleteIfExists(fresh);
      Files.createFile(
          fresh,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.write(fresh, content.toArray(), StandardOpenOption.WRITE);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  /** Empty when no server has left one; a server that was killed leaves an old one behind. */
  public Optional<Door> read() {
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      JsonNode json = Json.tree(Bytes.adopt(Files.readAllBytes(file)));
      return Optional.of(
          new Door(
              URI.create(json.path("url").asString()),
              json.path("secret").asString(),
              Bytes.adopt(Base64.getDecoder().decode(json.path("certificate").asString("")))));
    } catch (IOException | JacksonException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String encoded(Bytes bytes) {
    return Base64.getEncoder().encodeToString(bytes.toArray());
  }

  void delete() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + file, e);
    }
  }
}
