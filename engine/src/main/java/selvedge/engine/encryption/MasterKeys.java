package selvedge.engine.encryption;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.ServiceLoader;
import selvedge.engine.files.FileFailures;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;

/**
 * A source of master keys: the first key wraps data keys, the others only unwrap those that were
 * wrapped before a rotation. Without a key, nothing is encrypted.
 *
 * <p>Safe for use by many threads.
 */
public interface MasterKeys {
  /** The variable of the environment that may hold keys. */
  String VARIABLE = "SELVEDGE_ENCRYPTION_KEY";

  /** The source of a store that is not encrypted. */
  MasterKeys NONE =
      new MasterKeys() {
        @Override
        public List<MasterKey> read() {
          return List.of();
        }

        @Override
        public String place() {
          return "none of encryption-key-file, encryption-kms and " + VARIABLE + " is set";
        }
      };

  /**
   * Returns the keys as they are now.
   *
   * @throws InvalidRequestException if they cannot be read
   */
  List<MasterKey> read();

  /** Says where the keys were looked for, for an operator. */
  String place();

  /**
   * Returns the keys of a file, which is read at each call: one key of 64 hex characters a line.
   */
  static MasterKeys file(Path file) {
    return new MasterKeys() {
      @Override
      public List<MasterKey> read() {
        try {
          return parse(Files.readAllLines(file), "encryption-key-file " + file);
        } catch (IOException e) {
          throw new InvalidRequestException(
              "cannot read encryption-key-file " + file + ": " + FileFailures.reason(e));
        }
      }

      @Override
      public String place() {
        return "encryption-key-file " + file;
      }
    };
  }

  /**
   * Returns the keys of a text, which are separated by commas.
   *
   * @param place the variable that the text is from
   */
  static MasterKeys text(String text, String place) {
    List<MasterKey> keys = parse(List.of(text.split(",", -1)), place);
    return of(keys, place);
  }

  /**
   * Returns the keys of a key management service. Its provider must be on the class path.
   *
   * @param service {@code NAME:ADDRESS}: the name of the {@link KeyProvider}, and the address that
   *     it receives
   * @throws InvalidRequestException if there is no provider of that name
   */
  static MasterKeys service(String service) {
    int colon = service.indexOf(':');
    String name = service.substring(0, Math.max(0, colon));
    List<KeyProvider> services =
        ServiceLoader.load(KeyProvider.class).stream().map(ServiceLoader.Provider::get).toList();
    return services.stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .map(each -> each.open(service.substring(colon + 1)))
        .orElseThrow(() -> noService(service, services));
  }

  private static InvalidRequestException noService(String service, List<KeyProvider> services) {
    return new InvalidRequestException(
        "encryption-kms must be NAME:ADDRESS with the name of a key service on the class path, got "
            + service
            + "; "
            + (services.isEmpty()
                ? "there is none: set SELVEDGE_CLASS_PATH to the jar of one"
                : "there are: "
                    + String.join(", ", services.stream().map(KeyProvider::name).toList())));
  }

  /** Returns keys that exist already, such as those of a key management service. */
  static MasterKeys of(List<MasterKey> keys, String place) {
    List<MasterKey> copy = List.copyOf(keys);
    return new MasterKeys() {
      @Override
      public List<MasterKey> read() {
        return copy;
      }

      @Override
      public String place() {
        return place;
      }
    };
  }

  private static List<MasterKey> parse(List<String> lines, String place) {
    List<MasterKey> keys = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      if (!line.matches("[0-9a-fA-F]{64}")) {
        throw new InvalidRequestException(
            "key "
                + (i + 1)
                + " of "
                + place
                + " must have 64 hex characters, got "
                + line.length()
                + " characters; make one by: selvedge key generate");
      }
      keys.add(new AesMasterKey(Bytes.adopt(HexFormat.of().parseHex(line))));
    }
    if (keys.isEmpty()) {
      throw new InvalidRequestException(
          place + " holds no key; make one by: selvedge key generate");
    }
    return List.copyOf(keys);
  }
}
