package selvedge.cluster;

import java.io.InputStream;
import selvedge.model.Value;

/**
 * A large value whose chunks are in the log. It has no bytes until the commit that refers to it has
 * been applied.
 *
 * @param upload the number of the upload
 */
record UploadedValue(long upload, long length) implements Value {
  @Override
  public InputStream open() {
    throw new IllegalStateException("a value can be read only after its commit");
  }
}
