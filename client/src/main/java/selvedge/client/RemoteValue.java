package selvedge.client;

import java.io.InputStream;
import selvedge.model.StaleException;
import selvedge.model.Value;
import selvedge.model.Version;

/** A large value at the server, read when it is opened. Safe for use by many threads. */
final class RemoteValue implements Value {
  private final Transport transport;
  private final ClientRequest request;
  private final Version version;
  private final long length;

  /**
   * @param request reads the value
   * @param version the version of its entry
   */
  RemoteValue(Transport transport, ClientRequest request, Version version, long length) {
    this.transport = transport;
    this.request = request;
    this.version = version;
    this.length = length;
  }

  @Override
  public long length() {
    return length;
  }

  /** Throws a {@link StaleException} if the entry was replaced after it was read. */
  @Override
  public InputStream open() {
    return transport.send(
        request,
        answer -> {
          boolean same =
              answer.statusCode() == 200
                  && Transport.version(answer, "Selvedge-Version")
                      .filter(version::equals)
                      .isPresent();
          if (!same) {
            answer.body().close();
            throw new StaleException(
                "the entry with version " + version + " was replaced: read the key again");
          }
          return transport.patient(answer);
        });
  }
}
