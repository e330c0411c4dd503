package selvedge.verification.kms;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import selvedge.engine.encryption.KeyProvider;
import selvedge.engine.encryption.MasterKey;
import selvedge.engine.encryption.MasterKeys;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;

/** The provider for {@link KeyServiceProgram}: {@code test:URL}. */
public final class HttpKeyProvider implements KeyProvider {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final int OK = 200;

  @Override
  public String name() {
    return "test";
  }

  @Override
  public MasterKeys open(String address) {
    return new Keys(address);
  }

  private static final class Keys implements MasterKeys {
    private final String address;
    private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

    Keys(String address) {
      this.address = address;
    }

    @Override
    public List<MasterKey> read() {
      try {
        return send("/keys", "").lines().<MasterKey>map(id -> new Key(this, id)).toList();
      } catch (IOException | GeneralSecurityException e) {
        throw new InvalidRequestException(
            "cannot read the keys of " + place() + ": " + e.getMessage());
      }
    }

    @Override
    public String place() {
      return "the key service at " + address;
    }

    private String send(String path, String body) throws IOException, GeneralSecurityException {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(address + path))
              .timeout(TIMEOUT)
              .header(
                  "Authorization",
                  "Bearer " + System.getenv().getOrDefault("KEY_SERVICE_TOKEN", ""))
              .POST(BodyPublishers.ofString(body))
              .build();
      try {
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        if (response.statusCode() != OK) {
          throw new GeneralSecurityException(response.statusCode() + ": " + response.body());
        }
        return response.body();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while the key service answered", e);
      }
    }
  }

  private record Key(Keys keys, String id) implements MasterKey {
    private Bytes send(String operation, Bytes bytes, Bytes context)
        throws IOException, GeneralSecurityException {
      String answer = keys.send(operation + id, bytes.hex() + "\n" + context.hex() + "\n");
      return Bytes.adopt(HexFormat.of().parseHex(answer));
    }

    @Override
    public Bytes wrap(Bytes dataKey, Bytes context) throws IOException, GeneralSecurityException {
      return send("/wrap/", dataKey, context);
    }

    @Override
    public Bytes unwrap(Bytes wrapped, Bytes context) throws IOException, GeneralSecurityException {
      return send("/unwrap/", wrapped, context);
    }
  }
}
