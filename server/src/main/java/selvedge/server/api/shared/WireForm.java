package selvedge.server.api.shared;

import java.io.IOException;
import selvedge.engine.form.Form;
import selvedge.model.InvalidRequestException;
import selvedge.model.StoreUnusableException;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.Request;
import selvedge.server.api.Response;

/**
 * The forms that two servers announce to each other, so that an answer has the newest form that
 * both know. A server that names none has the oldest. Stateless.
 */
public final class WireForm {
  private WireForm() {}

  /** Returns the header of a request that announces the newest form this server knows. */
  public static Response.Header announced(Form form) {
    return header(form.newest());
  }

  /** Returns the header of the answer to a request. */
  public static Response.Header answered(Form form, Request request) {
    return header(form.common(number(form, request.header(HeaderNames.SELVEDGE_FORM).orElse(""))));
  }

  /**
   * Requires an answer in a form that this server knows.
   *
   * @param text the header of the answer; empty for none
   * @param sender the server that answered
   */
  public static void require(Form form, String text, String sender) throws IOException {
    try {
      form.require(number(form, text), "the " + form.label() + " of " + sender);
    } catch (StoreUnusableException | InvalidRequestException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static int number(Form form, String text) {
    try {
      return text.isEmpty() ? form.oldest() : Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new InvalidRequestException(
          HeaderNames.SELVEDGE_FORM + " must be a number, got \"" + text + "\"");
    }
  }

  private static Response.Header header(int number) {
    return new Response.Header(HeaderNames.SELVEDGE_FORM, Integer.toString(number));
  }
}
