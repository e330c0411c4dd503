package selvedge.verification.process;

/** The output of a server, attached to the failure of a test. */
final class ServerOutput extends Exception {
  ServerOutput(ServerProcess server) {
    super(
        "the server with pid "
            + server.pid()
            + (server.isAlive() ? " is alive" : " has ended")
            + "; its output:\n"
            + server.log());
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
