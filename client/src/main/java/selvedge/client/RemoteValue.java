package selvedge.client;

import java.io.InputStream;
import selvedge.model.StaleException;
import selvedge.model.Value;
import selvedge.model.Version;

/** A large value that is still at the server. */
final class RemoteValue implements Value {
  private final Transport transport;
  private final ClientRequest request;
  private final Version version;
  private final long length;

  /**
   * @param request for the value
   * @param version of the entry that it belongs to
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

  /** Throws a {@link StaleException} when the entry has been replaced since it was read. */
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
            throw new StaleException("the entry of version " + version + " has been replaced");
          }
          return transport.patient(answer);
        });
  }
}
