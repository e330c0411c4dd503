package selvedge.server.api;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Hands each request to the face whose path it has. Safe for use by many threads. */
public final class ApiRouter implements Api {
  private final List<Protocol> faces;
  private final Function<Request, RequestOwner> standing;

  /**
   * @param faces those asked first come first; the first one also words the refusals of requests
   *     that belong to none
   */
  public ApiRouter(List<Protocol> faces) {
    this(faces, _ -> RequestOwner.OPEN);
  }

  /**
   * @param standing tells whose request it is
   */
  public ApiRouter(List<Protocol> faces, Function<Request, RequestOwner> standing) {
    this.faces = List.copyOf(faces);
    this.standing = standing;
  }

  @Override
  public RequestOwner standing(Request request) {
    return standing.apply(request);
  }

  @Override
  public Optional<LoopResult> answerNow(Request request) {
    for (Protocol face : faces) {
      if (face.owns(request)) {
        return face.answerNow(request);
      }
    }
    return Optional.empty();
  }

  @Override
  public boolean answerSoon(Request request, Reply reply) {
    for (Protocol face : faces) {
      if (face.owns(request)) {
        return face.answerSoon(request, reply);
      }
    }
    return false;
  }

  @Override
  public Response answer(Request request) {
    for (Protocol face : faces) {
      if (face.owns(request)) {
        return face.answer(request);
      }
    }
    return refusal(404, "there is nothing at " + PercentCode.shown(request.path()));
  }

  /** Whether the face of the request has answers that are as of a version. */
  public boolean isVersioned(Request request) {
    for (Protocol face : faces) {
      if (face.owns(request)) {
        return face.isVersioned();
      }
    }
    return false;
  }

  @Override
  public boolean isAdmitted(Request request) {
    for (Protocol face : faces) {
      if (face.owns(request)) {
        return face.isAdmitted(request);
      }
    }
    return true;
  }

  @Override
  public Response refusal(Request request, int status, String message) {
    return refusal(request, status, "refused", message);
  }

  /** A refusal with a code, for faces whose errors have one. */
  public Response refusal(Request request, int status, String code, String message) {
    for (Protocol face : faces) {
      if (face.owns(request)) {
        return face.refusal(status, code, message);
      }
    }
    return refusal(status, message);
  }

  @Override
  public Response refusal(int status, String message) {
    return faces.getFirst().refusal(status, message);
  }
}
