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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.engine.files.FileFailures;
import selvedge.model.Bytes;
import selvedge.model.tls.Trust;
import selvedge.server.api.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The file with the address of the server that runs on a data directory, for the command line.
 *
 * <p>Only the owner can read it. Its secret is generated at each start and is valid until the
 * process ends.
 */
public final class ServerFile {
  private static final Logger LOG = LoggerFactory.getLogger(ServerFile.class);
  private static final String NAME = "server.json";

  private final Path file;

  /**
   * The address of a server and the local secret of the owner of its data.
   *
   * @param certificate the certificate of the server in DER; empty without TLS
   */
  public record Endpoint(URI uri, String secret, Bytes certificate) {
    /** Returns a trust in only this certificate, or the fallback if the server has none. */
    public Trust trust(Trust fallback) {
      return certificate.isEmpty() ? fallback : Trust.only(certificate);
    }
  }

  public ServerFile(Path data) {
    this.file = data.resolve(NAME);
  }

  void write(Endpoint endpoint) {
    Bytes content =
        Json.bytes(
            json -> {
              json.writeStartObject();
              json.writeStringProperty("url", endpoint.uri().toString());
              json.writeStringProperty("secret", endpoint.secret());
              if (!endpoint.certificate().isEmpty()) {
                json.writeStringProperty("certificate", encoded(endpoint.certificate()));
              }
              json.writeEndObject();
            });
    try {
      Path temporary = file.resolveSibling(NAME + ".new");
      Files.deleteIfExists(temporary);
      Files.createFile(
          temporary,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.write(temporary, content.toArray(), StandardOpenOption.WRITE);
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  /**
   * Returns the endpoint; empty if there is no file. The file of a killed server is still there.
   */
  public Optional<Endpoint> read() {
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      JsonNode json = Json.tree(Bytes.adopt(Files.readAllBytes(file)));
      return Optional.of(
          new Endpoint(
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

  /** Deletes the file. A file that is left behind, as by a killed server, does no harm. */
  void delete() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("cannot delete {}: {}", file, FileFailures.reason(e));
    }
  }
}
